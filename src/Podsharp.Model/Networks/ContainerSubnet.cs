namespace Podsharp.Model;

/// <summary>A subnet of a network.</summary>
public sealed record ContainerSubnet
{
    /// <summary>The subnet, 10.89.0.0/24.</summary>
    public required string Subnet { get; init; }
    /// <summary>The gateway; empty without one.</summary>
    public string Gateway { get; init; } = "";
    /// <summary>The first address that podman gives out; empty without a limit.</summary>
    public string LeaseStart { get; init; } = "";
    /// <summary>The last address that podman gives out; empty without a limit.</summary>
    public string LeaseEnd { get; init; } = "";
    /// <summary>The first address that this engine gives out; empty where it gives out none.</summary>
    public string OwnStart { get; init; } = "";
    /// <summary>The last address that this engine gives out; empty where it gives out none.</summary>
    public string OwnEnd { get; init; } = "";
    /// <inheritdoc/>
    public override string ToString() => Subnet;
}
