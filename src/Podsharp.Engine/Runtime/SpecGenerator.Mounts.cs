using System.Globalization;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <content>Mounts.</content>
internal sealed partial class SpecGenerator
{
    // Words the engine has acted on before, or that only podman's own parts know: no runtime has seen them.
    private static readonly HashSet<string> EngineWords = new(StringComparer.Ordinal)
        { "z", "Z", "U", "O", "copy", "nocopy", "readonly", "rw", "chown", "consistent", "cached", "delegated", "notmpcopyup", "tmpcopyup", "bind", "rbind" };

    private static readonly HashSet<string> PropagationWords = new(StringComparer.Ordinal)
        { "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable" };

    private static bool IsEngineWord(string word) =>
        EngineWords.Contains(word) || Volumes.IdMapOption.Is(word) || Volumes.VolumeRequest.IsOption(word);

    private List<OciMount> Mounts(bool systemd)
    {
        var mounts = new List<OciMount>();
        mounts.AddRange(KernelMounts());
        mounts.AddRange(EngineFiles());
        foreach (var mount in ReadOnlyTmpfs().Concat(DeviceMounts(systemd)).Concat(resources.Mounts.Select(UserMount)))
        {
            // What a user mounts takes the place of what the engine would have.
            mounts.RemoveAll(present => present.Destination == mount.Destination);
            mounts.Add(mount);
        }
        if (systemd)
            AddSystemdMounts(mounts);
        // Parents before what lies below them; else in the given order.
        return [.. mounts.OrderBy(mount => mount.Destination.Count(letter => letter == '/'))];
    }

    private IEnumerable<OciMount> KernelMounts()
    {
        var quiet = spec.ReadOnly && !spec.ReadOnlyTmpfs ? "ro" : null;
        yield return resources.UserMap.Count > 0 && PidMode.Kind == NamespaceKind.Host
            ? new OciMount("/proc", "bind", "/proc", ["rbind", "rprivate", "nosuid", "noexec", "nodev"])
            : Private("/proc", "proc", "proc", ["nosuid", "noexec", "nodev", .. ProcOptions()]);
        yield return Private("/dev", "tmpfs", "tmpfs", [.. Words("nosuid", "strictatime", "mode=755", "size=65536k", quiet)]);
        yield return Sys();
        yield return Private("/dev/pts", "devpts", "devpts", [.. Words("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620",
            HasGroup(5) ? "gid=5" : null)]);
        yield return InUserNamespace && IpcMode.Kind == NamespaceKind.Host
            ? Bind("/dev/mqueue", "/dev/mqueue", "nosuid", "noexec", "nodev")
            : Private("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        if (Shm(quiet) is { } shm)
            yield return shm;
        yield return Private("/sys/fs/cgroup", "cgroup", "cgroup", [.. Words("rprivate", "nosuid", "noexec", "nodev", "relatime", Privileged ? "rw" : "ro")]);
    }

    private IEnumerable<string> ProcOptions() =>
        SecurityOptions.Values(spec.SecurityOptions, "proc-opts").SelectMany(options => options.Split(',', StringSplitOptions.RemoveEmptyEntries));

    // A sysfs shows the network namespace it is mounted in; in a user namespace it can only be mounted for a network of its own.
    private OciMount Sys() => InUserNamespace && !SpecRules.OwnsNamespace(spec.Network)
        ? new OciMount("/sys", "bind", "/sys", [.. Words("rbind", "rprivate", "nosuid", "noexec", "nodev", Privileged ? "rw" : "ro")])
        : Private("/sys", "sysfs", "sysfs", [.. Words("nosuid", "noexec", "nodev", Privileged ? "rw" : "ro")]);

    private OciMount? Shm(string? quiet)
    {
        if (IpcMode.Kind == NamespaceKind.None)
            return null;
        var path = resources.ShmPath ?? (IpcMode.Kind == NamespaceKind.Host ? "/dev/shm" : null);
        if (path is not null)
            return Bind("/dev/shm", path, [.. Words("nosuid", "noexec", "nodev", quiet)]);
        var size = spec.ShmSize?.ToString(CultureInfo.InvariantCulture) ?? configuration.Containers.ShmSize;
        return Private("/dev/shm", "tmpfs", "shm", [.. Words("nosuid", "noexec", "nodev", "mode=1777", "size=" + size, quiet)]);
    }

    private IEnumerable<OciMount> EngineFiles()
    {
        (string Target, string? Source)[] files =
        [
            ("/etc/resolv.conf", resources.ResolvConfPath), ("/etc/hosts", resources.HostsPath), ("/run/.containerenv", resources.ContainerEnvPath),
            ("/etc/hostname", resources.HostnamePath), ("/etc/localtime", resources.LocalTimePath),
        ];
        foreach (var (target, source) in files)
        {
            if (source is null)
                continue;
            yield return Bind(target, source);
            foreach (var directory in target is "/etc/resolv.conf" or "/etc/hosts" ? spec.ChrootDirectories : [])
                yield return Bind(directory.TrimEnd('/') + target, source);
        }
        if (resources.NotifyDirectory is { } notify)
            yield return Bind("/run/notify", notify);
        if (resources.PasswdPath is { } passwd)
            yield return Bind("/etc/passwd", passwd, "ro");
        if (resources.GroupPath is { } group)
            yield return Bind("/etc/group", group, "ro");
        foreach (var secret in resources.SecretMounts)
            yield return secret;
        if (WantsInit)
            yield return new OciMount(InitTarget, "bind", resources.InitPath!, ["bind", "ro", "private"]);
        if (resources.PausePath is { } pause)
            yield return new OciMount(Pods.PodInfra.Program, "bind", pause, ["bind", "ro", "private"]);
    }

    // In a user namespace a privileged container has the host's devices as mounts; most of them are still out of reach to its user.
    private IEnumerable<OciMount> DeviceMounts(bool systemd) => !Privileged || !host.InUserNamespace ? resources.AddedDevices.Mounts
        : [.. PrivilegedDevices(systemd).Select(device => new OciMount(device.Path, "bind", device.Path, ["rslave", "nosuid", "noexec", "rw", "rbind"])),
            .. resources.AddedDevices.Mounts];

    private IEnumerable<OciMount> ReadOnlyTmpfs()
    {
        if (!(spec.ReadOnly || configuration.Containers.ReadOnly) || !spec.ReadOnlyTmpfs)
            yield break;
        foreach (var path in new[] { "/run", "/tmp", "/var/tmp" })
            yield return new OciMount(path, "tmpfs", "tmpfs", ["rprivate", "nosuid", "nodev", "tmpcopyup"]);
    }

    private OciMount UserMount(ResolvedMount mount) => mount.FileSystem is { } fileSystem ? new OciMount(mount.Target, fileSystem, mount.Source, mount.Options)
        : mount.Type == MountType.Tmpfs ? UserTmpfs(mount) : UserBind(mount);

    private static OciMount UserTmpfs(ResolvedMount mount)
    {
        var options = new List<string> { "nosuid", "nodev" };
        foreach (var word in mount.Options.Where(word => !EngineWords.Contains(word) && !PropagationWords.Contains(word)))
        {
            // A word undoes its opposite: exec and noexec, suid and nosuid.
            options.RemoveAll(present => present == "no" + word || word == "no" + present);
            if (!options.Contains(word))
                options.Add(word);
        }
        if (IsReadOnly(mount))
            options.Add("ro");
        // Of no use below an empty image directory, but what an image has there is to be seen in it.
        if (!mount.Options.Contains("notmpcopyup"))
            options.Add("tmpcopyup");
        return new OciMount(mount.Target, "tmpfs", "tmpfs", [.. options.Distinct(), Propagation(mount)]);
    }

    private static OciMount UserBind(ResolvedMount mount)
    {
        var options = mount.Options.Where(word => !IsEngineWord(word) && !PropagationWords.Contains(word) && word != "ro")
            .Select(word => word == "no-dereference" ? "copy-symlink" : word).ToList();
        if (IsReadOnly(mount))
            options.Add("ro");
        return new OciMount(mount.Target, "bind", mount.Source,
            [.. options.Distinct(), mount.Options.Contains("bind") ? "bind" : "rbind", Propagation(mount)])
        {
            UidMappings = Mappings(mount.UserMap),
            GidMappings = Mappings(mount.GroupMap),
        };
    }

    private IReadOnlyList<ContainerMountPoint> MountPoints() => [.. resources.Mounts.Select(mount => new ContainerMountPoint
    {
        Type = mount.Type,
        VolumeName = mount.VolumeName,
        Source = mount.Source,
        Destination = mount.Target,
        Driver = mount.VolumeName.Length > 0 ? "local" : "",
        Options = mount.FileSystem is not null ? [] : mount.Type == MountType.Tmpfs ? mount.Options : UserBind(mount).Options,
        // An image is read only unless a layer over it takes the changes.
        Writable = mount.Type == MountType.Image ? mount.Options.Any(word => word == "rw" || word.StartsWith("upperdir=", StringComparison.Ordinal)) : !IsReadOnly(mount),
        Propagation = mount.FileSystem is not null ? "" : Propagation(mount),
    })];

    private static bool IsReadOnly(ResolvedMount mount) => mount.Options.Contains("ro") || mount.Options.Contains("readonly");

    private static string Propagation(ResolvedMount mount) => mount.Options.LastOrDefault(PropagationWords.Contains) ?? "rprivate";

    private static OciMount Bind(string target, string source, params string[] words) => new(target, "bind", source, [.. words, "bind", "rprivate"]);

    private static OciMount Private(string target, string type, string source, params string[] words) => new(target, type, source, words);

    private static IEnumerable<string> Words(params string?[] words) => words.Where(word => word is not null).Select(word => word!);
}
