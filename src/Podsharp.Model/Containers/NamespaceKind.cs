namespace Podsharp.Model;

/// <summary>Where a namespace comes from.</summary>
public enum NamespaceKind
{
    /// <summary>The engine's default for this namespace on this host.</summary>
    Default,
    /// <summary>One of the container's own.</summary>
    Private,
    /// <summary>The host's.</summary>
    Host,
    /// <summary>Another container's (<see cref="NamespaceMode.Target"/>: name or id).</summary>
    Container,
    /// <summary>A namespace file (<see cref="NamespaceMode.Target"/>: path).</summary>
    Path,
    /// <summary>Its own, with nothing in it (network: loopback only; ipc: no /dev/shm).</summary>
    None,
    /// <summary>Its own, and others may join it (ipc).</summary>
    Shareable,
    /// <summary>Its own, connected by pasta (network; <see cref="NamespaceMode.Target"/>: pasta's options, separated by commas).</summary>
    Pasta,
    /// <summary>Its own, connected by slirp4netns (network; <see cref="NamespaceMode.Target"/>: its options, separated by commas).</summary>
    Slirp4netns,
}
