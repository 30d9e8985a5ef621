namespace Podsharp.Engine.Host;

/// <summary>Which control group hierarchies a host has under /sys/fs/cgroup.</summary>
internal enum CgroupMode
{
    /// <summary>None is mounted.</summary>
    None,
    /// <summary>One hierarchy a controller (version 1).</summary>
    V1,
    /// <summary>Version 1 with the controllers, and a version 2 hierarchy beside it at <c>unified</c>.</summary>
    Hybrid,
    /// <summary>One hierarchy (version 2).</summary>
    V2,
}
