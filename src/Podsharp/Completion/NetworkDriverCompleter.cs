namespace Podsharp.Completion;

/// <summary>Completes drivers of networks.</summary>
public sealed class NetworkDriverCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("bridge", "a network of the host's own"), ("macvlan", "on an interface, with hardware addresses of their own"), ("ipvlan", "on an interface, with its hardware address"),
    ];
}
