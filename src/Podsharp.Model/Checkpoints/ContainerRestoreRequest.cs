namespace Podsharp.Model;

/// <summary>How a container is restored from its checkpoint.</summary>
public sealed record ContainerRestoreRequest
{
    /// <summary>Keeps the checkpoint, and CRIU's log and statistics.</summary>
    public bool Keep { get; init; }
    /// <summary>Brings established TCP connections back.</summary>
    public bool TcpEstablished { get; init; }
    /// <summary>Closes the TCP connections that were established.</summary>
    public bool TcpClose { get; init; }
    /// <summary>Brings file locks back.</summary>
    public bool FileLocks { get; init; }
    /// <summary>Takes any addresses, not those that it had.</summary>
    public bool IgnoreStaticIp { get; init; }
    /// <summary>Takes any MAC addresses, not those that it had.</summary>
    public bool IgnoreStaticMac { get; init; }
    /// <summary>From an archive or an image: another name, with another id and any addresses; null for those that it had.</summary>
    public string? Name { get; init; }
    /// <summary>From an archive or an image: the pod to restore it in, by name or id; null for none.</summary>
    public string? Pod { get; init; }
    /// <summary>From an archive or an image: the ports to publish in place of those that it had; null for those.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }
    /// <summary>From an archive or an image: leaves the changes of the root file system there.</summary>
    public bool IgnoreRootFs { get; init; }
    /// <summary>From an archive or an image: leaves the content of volumes there; volumes of these names may exist then.</summary>
    public bool IgnoreVolumes { get; init; }
}
