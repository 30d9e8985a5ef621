using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>A mount as the OCI runtime is told to make it.</summary>
internal sealed record ResolvedMount
{
    /// <summary>What it is made of.</summary>
    public required MountType Type { get; init; }

    /// <summary>The host path; <c>tmpfs</c> for memory.</summary>
    public required string Source { get; init; }

    /// <summary>The absolute path in the container.</summary>
    public required string Target { get; init; }

    /// <summary>All of the runtime's options: <c>rbind</c>, <c>rprivate</c>, <c>rw</c>, <c>size=64m</c> ...</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>The volume's name, else empty.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>The file system that the runtime mounts with just these options (<c>overlay</c>, <c>devpts</c>, <c>ramfs</c>); null for a bind or a tmpfs.</summary>
    public string? FileSystem { get; init; }

    /// <summary>For inspect.</summary>
    internal ContainerMountPoint ToMountPoint() => new()
    {
        Type = Type,
        VolumeName = VolumeName,
        Source = Type == MountType.Tmpfs ? "" : Source,
        Destination = Target,
        Driver = VolumeName.Length > 0 ? "local" : "",
        Options = [.. Options.Where(o => o is not ("rw" or "ro") && !MountOptions.IsPropagation(o))],
        Writable = !Options.Contains("ro"),
        Propagation = Options.FirstOrDefault(MountOptions.IsPropagation) ?? "",
    };
}
