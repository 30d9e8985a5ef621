namespace Podsharp.Completion;

/// <summary>Completes log drivers.</summary>
public sealed class LogDriverCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("k8s-file", "a file in the form Kubernetes uses"), ("none", "no log"),
    ];
}
