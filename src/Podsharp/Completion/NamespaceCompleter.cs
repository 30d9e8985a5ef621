namespace Podsharp.Completion;

/// <summary>Completes namespace modes, and containers whose namespace can be shared.</summary>
public sealed class NamespaceCompleter() : JoinCompleter(
    [("private", "one of the container's own"), ("host", "the host's")], "that");
