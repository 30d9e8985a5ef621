namespace Podsharp.Model;

/// <summary>What to change about a network.</summary>
public sealed record NetworkUpdate
{
    /// <summary>Name servers to forward to, besides those there are.</summary>
    public IReadOnlyList<string> AddDnsServers { get; init; } = [];
    /// <summary>Name servers not to forward to any more.</summary>
    public IReadOnlyList<string> RemoveDnsServers { get; init; } = [];
}
