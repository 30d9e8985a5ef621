namespace Podsharp.Model;

/// <summary>A published port or range of ports.</summary>
public sealed record PortMapping
{
    /// <summary>The host's address; empty for all.</summary>
    public string HostIp { get; init; } = "";
    /// <summary>The first host port; 0 lets the engine choose a free one at creation.</summary>
    public int HostPort { get; init; }
    /// <summary>The first port in the container.</summary>
    public int ContainerPort { get; init; }
    /// <summary>How many ports, counted up from both firsts.</summary>
    public int Range { get; init; } = 1;
    /// <summary>tcp, udp or sctp.</summary>
    public string Protocol { get; init; } = "tcp";
    /// <summary>As podman's ps prints it: <c>0.0.0.0:8080-&gt;80/tcp</c>.</summary>
    public override string ToString()
    {
        var ip = HostIp.Length == 0 ? "0.0.0.0" : HostIp.Contains(':') ? $"[{HostIp}]" : HostIp;
        return Range > 1
            ? $"{ip}:{HostPort}-{HostPort + Range - 1}->{ContainerPort}-{ContainerPort + Range - 1}/{Protocol}"
            : $"{ip}:{HostPort}->{ContainerPort}/{Protocol}";
    }
}
