namespace Podsharp.Engine.Host;

/// <summary>One mounted control group hierarchy.</summary>
/// <param name="Controllers">Its controllers; <c>name=systemd</c> for systemd's; empty for version 2.</param>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="OwnPath">The group this process is in, below the mount point: <c>/</c> for the root.</param>
internal sealed record CgroupHierarchy(IReadOnlyList<string> Controllers, string MountPoint, string OwnPath)
{
    /// <summary>Whether it is the version 2 hierarchy.</summary>
    internal bool IsUnified => Controllers.Count == 0;

    /// <summary>The directory of a group.</summary>
    internal string DirectoryOf(string path) => MountPoint + (path == "/" ? "" : path);
}
