namespace Podsharp.Model;

/// <summary>Everything about a network.</summary>
public sealed record ContainerNetworkDetail
{
    /// <summary>The network.</summary>
    public required ContainerNetwork Network { get; init; }
    /// <summary>The containers that are set up on it now.</summary>
    public IReadOnlyList<NetworkMember> Members { get; init; } = [];
    /// <summary>Its name.</summary>
    public string Name => Network.Name;
    /// <inheritdoc/>
    public override string ToString() => Network.Name;
}
