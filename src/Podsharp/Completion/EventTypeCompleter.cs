namespace Podsharp.Completion;

/// <summary>Completes what events are about.</summary>
public sealed class EventTypeCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("container", "A container's life"), ("image", "Images that come, go and change names"), ("volume", "Volumes made and removed"),
        ("network", "Networks made, removed, connected"), ("pod", "A pod's life"), ("secret", "Secrets made and removed"), ("system", "The engine itself"),
    ];
}
