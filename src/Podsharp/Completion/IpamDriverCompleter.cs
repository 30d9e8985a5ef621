namespace Podsharp.Completion;

/// <summary>Completes who gives out a network's addresses.</summary>
public sealed class IpamDriverCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
        [("host-local", "the engine"), ("dhcp", "a server of the network's"), ("none", "nobody")];
}
