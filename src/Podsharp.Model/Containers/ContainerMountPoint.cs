namespace Podsharp.Model;

/// <summary>A mount as the container has it.</summary>
public sealed record ContainerMountPoint
{
    /// <summary>bind, volume or tmpfs.</summary>
    public MountType Type { get; init; }
    /// <summary>The volume's name, else empty.</summary>
    public string VolumeName { get; init; } = "";
    /// <summary>The host path.</summary>
    public string Source { get; init; } = "";
    /// <summary>The path in the container.</summary>
    public string Destination { get; init; } = "";
    /// <summary>The volume driver, else empty.</summary>
    public string Driver { get; init; } = "";
    /// <summary>Mount options.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
    /// <summary>Whether it is writable.</summary>
    public bool Writable { get; init; }
    /// <summary>Propagation (rprivate ...).</summary>
    public string Propagation { get; init; } = "";
}
