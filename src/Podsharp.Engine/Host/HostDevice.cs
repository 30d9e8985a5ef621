using Podsharp.Engine.Native;

namespace Podsharp.Engine.Host;

/// <summary>A device node of the host.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Type">c or b.</param>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
internal sealed record HostDevice(string Path, string Type, uint Major, uint Minor, uint Mode, uint UserId, uint GroupId)
{
    // What every container has of its own, or what belongs to the host's sessions.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
        { "pts", "shm", "fd", "mqueue", "console", "ptmx", ".lxc", ".lxd-mounts", ".udev", "null", "zero", "full", "random", "urandom", "tty" };

    /// <summary>The device nodes under /dev that a privileged container gets, by path.</summary>
    internal static IReadOnlyList<HostDevice> List(string root = "/dev")
    {
        var devices = new List<HostDevice>();
        Collect(root, devices, true);
        devices.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return devices;
    }

    private static void Collect(string directory, List<HostDevice> devices, bool top)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null || (top && Skipped.Contains(entry.Name)))
                continue;
            if (entry is DirectoryInfo)
                Collect(entry.FullName, devices, false);
            else if (Files.TryStatus(entry.FullName, false) is { Type: ModeBits.CharacterDevice or ModeBits.BlockDevice } status)
            {
                devices.Add(new HostDevice(entry.FullName, status.Type == ModeBits.BlockDevice ? "b" : "c", status.SpecialMajor,
                    status.SpecialMinor, status.Mode & ModeBits.PermissionMask, status.UserId, status.GroupId));
            }
        }
    }
}
