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
}
