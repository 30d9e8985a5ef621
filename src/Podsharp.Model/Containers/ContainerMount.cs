namespace Podsharp.Model;

/// <summary>A mount of a container.</summary>
public sealed record ContainerMount
{
    /// <summary>What it is made of.</summary>
    public MountType Type { get; init; }
    /// <summary>The host path (absolute), the pattern of such paths, the volume's name, the image or the artifact; empty for what is made of nothing (tmpfs, ramfs, devpts) and anonymous volumes.</summary>
    public string Source { get; init; } = "";
    /// <summary>The absolute path in the container.</summary>
    public required string Target { get; init; }
    /// <summary>Options as written (<c>ro</c>, <c>noexec</c>, <c>size=64m</c>, <c>rprivate</c>, <c>z</c>, <c>U</c>, <c>nocopy</c> ...); <c>O</c>: changes are made in a layer over it that is gone with the run, or stay in <c>upperdir=</c> (with <c>workdir=</c>); <c>title=</c>, <c>digest=</c>, <c>name=</c>: which file of an artifact, and under which name.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
    /// <summary>A path below the volume that is mounted instead of its root.</summary>
    public string? SubPath { get; init; }
    /// <summary>Whether it is read-only.</summary>
    public bool ReadOnly => Options.Contains("ro") || Options.Contains("readonly");
}
