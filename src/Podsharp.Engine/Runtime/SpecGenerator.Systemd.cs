using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <content>What systemd needs in a container (systemd.io/CONTAINER_INTERFACE): memory where it writes, and its control groups.</content>
internal sealed partial class SpecGenerator
{
    private const string ControlGroups = "/sys/fs/cgroup";

    // The named hierarchy of version 1, in which systemd keeps its units.
    private const string NamedHierarchy = "/sys/fs/cgroup/systemd";

    private void AddSystemdMounts(List<OciMount> mounts)
    {
        var size = spec.SystemdShmSize is { } bytes ? "size=" + bytes.ToString(CultureInfo.InvariantCulture) : null;
        foreach (var directory in new[] { "/run", "/run/lock", "/tmp", "/var/log/journal" })
        {
            if (!mounts.Exists(mount => mount.Destination == directory))
                mounts.Add(Private(directory, "tmpfs", "tmpfs", [.. Words("rw", "rprivate", "nosuid", "nodev", "tmpcopyup", size)]));
        }
        if (host.Cgroups.Mode == Host.CgroupMode.V2)
        {
            mounts.RemoveAll(mount => mount.Destination == ControlGroups);
            mounts.Add(CgroupMode.Kind != NamespaceKind.Host
                ? Private(ControlGroups, "cgroup", "cgroup", "private", "rw")
                : Private(ControlGroups, "bind", ControlGroups, "bind", "private", "rw"));
        }
        else if (!mounts.Exists(mount => mount.Destination == NamedHierarchy))
        {
            if (CgroupMode.Kind != NamespaceKind.Host)
            {
                throw EngineErrors.Unsupported("cgroup namespace is not supported with cgroup v1 and systemd mode", "cgroupns",
                    "leave --cgroupns out, or use --systemd false");
            }
            if (HasNamedHierarchy)
                mounts.Add(Bind(NamedHierarchy, NamedHierarchy, "nosuid", "noexec", "nodev"));
        }
    }

    private List<string>? WithSystemdMasks(List<string>? masked)
    {
        // What is written there is run by the host.
        return HasNamedHierarchy ? [.. masked ?? [], NamedHierarchy + "/release_agent"] : masked;
    }

    private bool HasNamedHierarchy => host.Cgroups.Hierarchies.Any(hierarchy => hierarchy.MountPoint == NamedHierarchy);

    // Without the virtual consoles: systemd would start a login on each of them.
    private IEnumerable<Host.HostDevice> PrivilegedDevices(bool systemd) => systemd ? resources.Devices.Where(device => !IsVirtualConsole(device.Path)) : resources.Devices;

    private static bool IsVirtualConsole(string path) => path.StartsWith("/dev/tty", StringComparison.Ordinal) && path.Length > 8 && path[8..].All(char.IsAsciiDigit);
}
