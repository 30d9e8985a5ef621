namespace Podsharp.Model;

/// <summary>One network a container is attached to.</summary>
public sealed record NetworkAttachment
{
    /// <summary>The network's name; the default network when empty.</summary>
    public string Network { get; init; } = "";
    /// <summary>Wanted addresses (one per subnet); empty lets the engine choose.</summary>
    public IReadOnlyList<string> StaticIps { get; init; } = [];
    /// <summary>Wanted MAC address.</summary>
    public string? StaticMac { get; init; }
    /// <summary>Further names in the network's DNS.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
    /// <summary>Interface name in the container; eth0, eth1 ... when null.</summary>
    public string? InterfaceName { get; init; }
    /// <summary>Name of the interface's other end, on the host; chosen by the kernel when null.</summary>
    public string? HostInterfaceName { get; init; }
}
