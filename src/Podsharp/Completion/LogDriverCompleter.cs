namespace Podsharp.Completion;

/// <summary>Completes log drivers.</summary>
public sealed class LogDriverCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("k8s-file", "a file in the form Kubernetes uses"), ("json-file", "the same, by docker's name"), ("journald", "systemd's journal"), ("none", "no log"),
        ("passthrough", "the streams of the process that starts it"),
    ];
}
