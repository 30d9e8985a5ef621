namespace Podsharp.Completion;

/// <summary>Completes user namespaces, and containers whose namespace can be shared.</summary>
public sealed class UserNamespaceCompleter() : JoinCompleter(
    [("auto", "one of its own, with ids that nobody has"), ("host", "the host's"), ("keep-id", "one in which an ordinary user keeps the own id"), ("nomap", "one without the own id"),
        ("private", "one of the maps that are given")], "that");
