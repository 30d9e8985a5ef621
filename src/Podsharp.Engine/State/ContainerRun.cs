using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>What one run of a container holds: written before it is made, so that whoever finds it can take it down.</summary>
internal sealed record ContainerRun
{
    /// <summary>Merged root file system, empty when not mounted.</summary>
    public string RootPath { get; init; } = "";

    /// <summary>Network namespace file, empty without an own one.</summary>
    public string NetnsPath { get; init; } = "";

    /// <summary>netavark's input, needed in the same words for the teardown; null before the set-up was begun.</summary>
    public string? NetworkRequest { get; init; }

    /// <summary>While networks or ports are being changed: the request of before, in whose words what was there is taken down.</summary>
    public string? FormerNetworkRequest { get; init; }

    /// <summary>What the networks gave.</summary>
    public IReadOnlyList<NetworkStatus> NetworkStatus { get; init; } = [];

    /// <summary>What runs.</summary>
    public ContainerProcessConfig? Process { get; init; }

    /// <summary>Mounts as they are made.</summary>
    public IReadOnlyList<ContainerMountPoint> MountPoints { get; init; } = [];

    /// <summary>Effective capabilities.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}
