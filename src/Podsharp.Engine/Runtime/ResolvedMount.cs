using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>A mount whose source has been found.</summary>
internal sealed record ResolvedMount
{
    /// <summary>What it is made of.</summary>
    internal MountType Type { get; init; }
    /// <summary>The host path (a volume's data directory, a bind's source); empty for tmpfs.</summary>
    internal string Source { get; init; } = "";
    /// <summary>The absolute path in the container.</summary>
    internal required string Target { get; init; }
    /// <summary>Options as written.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];
    /// <summary>The file system that the runtime mounts with just these options; null for a bind or a tmpfs.</summary>
    internal string? FileSystem { get; init; }
    /// <summary>Whom files of the source, which belong to ids inside, appear to belong to; empty where they are shown as they are.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];
    /// <summary>Likewise for groups.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];
    /// <summary>The volume's name, else empty.</summary>
    internal string VolumeName { get; init; } = "";
}
