using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Limits of size and number of files for volumes that are directories: project quotas of their file system.</summary>
/// <param name="paths">Where volumes and lock files are.</param>
internal sealed class VolumeQuota(EnginePaths paths)
{
    // A range of our own: containers/storage counts from the project of the directory where it keeps its own, which is 0 as a rule.
    private const uint FirstProject = 0x5053_0000;
    private const uint LastProject = 0x5053_FFFF;

    /// <summary>Refuses limits that can't be set.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal void Check(VolumeTable.Row row)
    {
        if (Limits(row) is null)
            return;
        Files.MakeDirectories(paths.VolumeDirectory, 0x1C0 /* 0700 */, 0x1C0);
        using var directory = Files.Open(paths.VolumeDirectory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (!ProjectQuota.IsOn(directory))
        {
            throw EngineErrors.Unsupported("volume options size and inodes not supported. Filesystem does not support Project Quota", row.Name,
                $"mount the file system of {paths.VolumeDirectory} with prjquota (xfs, ext4), or limit memory: --opt type=tmpfs --opt device=tmpfs --opt o=size=100m");
        }
    }

    /// <summary>Sets a volume's limits on its directory, in which nothing is yet.</summary>
    /// <exception cref="ContainerEngineException">Unsupported.</exception>
    internal void Apply(VolumeTable.Row row, string path)
    {
        if (Limits(row) is not { } limits)
            return;
        Check(row);
        using var held = FileLock.Acquire(Path.Combine(paths.LockDirectory, "volume-projects.lock"), LockMode.Exclusive, CancellationToken.None, 0x180 /* 0600 */);
        using var directory = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        LinuxError.Check(ProjectQuota.TryLimit(directory, FindProject(directory), limits.Bytes, limits.Inodes), "set the quota of", path);
    }

    // One that no directory has: what a removed volume has left counts for nobody.
    private uint FindProject(SafeFileHandle directory)
    {
        var taken = Directory.EnumerateDirectories(paths.VolumeDirectory).Select(path =>
        {
            using var other = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            return ProjectQuota.ProjectOf(other);
        }).ToHashSet();
        for (var project = FirstProject; project <= LastProject; project++)
        {
            if (!taken.Contains(project) && ProjectQuota.IsEmpty(directory, project))
                return project;
        }
        throw EngineErrors.InvalidState("quota", "all projects for quotas of volumes are taken", "remove volumes with limits");
    }

    private static (ulong Bytes, ulong Inodes)? Limits(VolumeTable.Row row)
    {
        if (row.IsMounted || !(row.Options.ContainsKey("SIZE") || row.Options.ContainsKey("INODES")))
            return null;
        return (row.Options.GetValueOrDefault("SIZE") is { } size ? (ulong)ByteSize.Parse(size) : 0,
            row.Options.GetValueOrDefault("INODES") is { } inodes ? ulong.Parse(inodes, System.Globalization.CultureInfo.InvariantCulture) : 0);
    }
}
