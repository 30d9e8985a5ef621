using System.Globalization;
using System.Runtime.InteropServices;
using Podsharp.Engine.Security;

namespace Podsharp.Engine.Host;

/// <summary>What this host and this process's place on it are and can do. Read once per engine from a dozen small kernel files (no
/// process is started), and replaceable in tests.</summary>
internal sealed partial record HostFacts
{
    /// <summary>Control groups.</summary>
    internal CgroupFacts Cgroups { get; init; } = new();

    /// <summary>Effective user id, inside the user namespace.</summary>
    internal uint EffectiveUserId { get; init; }

    /// <summary>The effective user's id outside the user namespace.</summary>
    internal uint OutsideUserId => UserMap.FirstOrDefault(range => EffectiveUserId >= range.Inside && EffectiveUserId - range.Inside < range.Count) is { } range
        ? range.Outside + (EffectiveUserId - range.Inside) : EffectiveUserId;

    /// <summary>Whether the user namespace is not the initial one.</summary>
    internal bool InUserNamespace { get; init; }

    /// <summary>Whether it lacks root's powers over the host.</summary>
    internal bool IsRootless => EffectiveUserId != 0 || InUserNamespace;

    /// <summary>User ids that exist in this user namespace.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [new(0, 0, uint.MaxValue)];

    /// <summary>Group ids that exist in this user namespace.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [new(0, 0, uint.MaxValue)];

    /// <summary>Hard limits by their lower-case names without RLIMIT_ (nofile, nproc ...); -1 for unlimited.</summary>
    internal IReadOnlyDictionary<string, long> HardLimits { get; init; } = new Dictionary<string, long>();

    /// <summary>Effective capabilities of this process.</summary>
    internal CapabilitySet EffectiveCapabilities { get; init; } = CapabilitySet.All;

    /// <summary>Bounding set: no container can have more.</summary>
    internal CapabilitySet BoundingCapabilities { get; init; } = CapabilitySet.All;

    /// <summary>Whether hard limits can be raised and OOM scores lowered: the kernel looks for the capability in the initial namespace.</summary>
    internal bool CanRaiseLimits => !InUserNamespace && EffectiveCapabilities.Contains("CAP_SYS_RESOURCE");

    /// <summary>The score of this process; without CAP_SYS_RESOURCE no child can have a lower one.</summary>
    internal int OomScoreAdjust { get; init; }

    /// <summary>The largest NOFILE limit the kernel takes (fs.nr_open).</summary>
    internal long MaximumOpenFiles { get; init; } = 1048576;

    /// <summary>Whether the kernel has seccomp filters.</summary>
    internal bool Seccomp { get; init; }

    /// <summary>Whether AppArmor is in force.</summary>
    internal bool AppArmor { get; init; }

    /// <summary>Whether SELinux is in force.</summary>
    internal bool SELinux { get; init; }

    /// <summary>Kernel release as uname -r prints it.</summary>
    internal string KernelRelease { get; init; } = "";

    /// <summary>Kernel version, two numbers.</summary>
    internal Version KernelVersion { get; init; } = new(0, 0);

    /// <summary>Changes with every boot.</summary>
    internal string BootId { get; init; } = "";

    /// <summary>The host's name.</summary>
    internal string HostName { get; init; } = "";

    /// <summary>The architecture by Go's name (amd64, arm64 ...).</summary>
    internal string Architecture { get; init; } = "amd64";

    /// <summary>Overlay whiteouts and marks live in user.overlay.* here: the kernel takes trusted.* only from the initial namespace's root.</summary>
    internal bool OverlayUserXattr => InUserNamespace;

    /// <summary>CPU directories with thermal throttle counters, which tell containers about their neighbours.</summary>
    internal IReadOnlyList<string> ThermalThrottlePaths { get; init; } = [];

    /// <summary>Whether a user id exists in this user namespace.</summary>
    internal bool HasUser(uint id) => UserMap.Any(range => id >= range.Inside && id - range.Inside < range.Count);

    /// <summary>Whether a group id exists in this user namespace.</summary>
    internal bool HasGroup(uint id) => GroupMap.Any(range => id >= range.Inside && id - range.Inside < range.Count);

    /// <summary>Looks at this host.</summary>
    internal static HostFacts Read()
    {
        var status = HostFiles.ReadText("/proc/self/status") ?? "";
        var userMap = IdMapping.Parse(HostFiles.ReadText("/proc/self/uid_map") ?? "");
        var release = HostFiles.ReadLine("/proc/sys/kernel/osrelease");
        return new HostFacts
        {
            Cgroups = CgroupFacts.Read("/sys/fs/cgroup", HostFiles.ReadText("/proc/self/cgroup") ?? ""),
            EffectiveUserId = geteuid(),
            // The initial namespace is the only one that maps every id.
            InUserNamespace = userMap is not [{ Inside: 0, Outside: 0, Count: uint.MaxValue }],
            UserMap = userMap,
            GroupMap = IdMapping.Parse(HostFiles.ReadText("/proc/self/gid_map") ?? ""),
            HardLimits = ParseLimits(HostFiles.ReadText("/proc/self/limits") ?? ""),
            EffectiveCapabilities = CapabilitySet.FromHexadecimal(StatusField(status, "CapEff:")),
            BoundingCapabilities = CapabilitySet.FromHexadecimal(StatusField(status, "CapBnd:")),
            OomScoreAdjust = int.TryParse(HostFiles.ReadLine("/proc/self/oom_score_adj"), CultureInfo.InvariantCulture, out var score) ? score : 0,
            MaximumOpenFiles = long.TryParse(HostFiles.ReadLine("/proc/sys/fs/nr_open"), CultureInfo.InvariantCulture, out var open) ? open : 1048576,
            Seccomp = status.Contains("\nSeccomp:", StringComparison.Ordinal),
            // A container of a host with AppArmor sees the parameter, but not the files by which profiles are loaded.
            AppArmor = HostFiles.ReadLine("/sys/module/apparmor/parameters/enabled") == "Y" && Directory.Exists("/sys/kernel/security/apparmor"),
            SELinux = HasSELinux(),
            KernelRelease = release,
            KernelVersion = ParseVersion(release),
            BootId = HostFiles.ReadLine("/proc/sys/kernel/random/boot_id"),
            HostName = HostFiles.ReadLine("/proc/sys/kernel/hostname"),
            Architecture = GoArchitecture(RuntimeInformation.ProcessArchitecture),
            ThermalThrottlePaths = FindThermalThrottle(),
        };
    }

    // Its file system, writable, and a policy: before one is loaded, everything is labelled "kernel".
    private static bool HasSELinux()
    {
        const long Magic = 0xF97CFF8C, ReadOnly = 1;
        return File.Exists(SecurityOptions.KernelFiles + "/enforce") && Native.Files.FileSystem(SecurityOptions.KernelFiles) is var status
            && status.Type == Magic && (status.Flags & ReadOnly) == 0 && HostFiles.ReadLine("/proc/self/attr/current").TrimEnd('\0') is not ("" or "kernel");
    }

    private static string StatusField(string status, string name)
    {
        var start = status.IndexOf("\n" + name, StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += name.Length + 1;
        return status[start..status.IndexOf('\n', start)].Trim();
    }

    /// <summary>Reads the table of /proc/self/limits: names in words, then soft limit, hard limit and unit.</summary>
    internal static IReadOnlyDictionary<string, long> ParseLimits(string text)
    {
        var limits = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            if (line.Length < 67 || LimitName(line[..26].Trim()) is not { } name)
                continue;
            var hard = line[47..Math.Min(line.Length, 68)].Trim();
            limits[name] = hard == "unlimited" ? -1 : long.TryParse(hard, CultureInfo.InvariantCulture, out var value) ? value : -1;
        }
        return limits;
    }

    private static string? LimitName(string words) => words switch
    {
        "Max cpu time" => "cpu",
        "Max file size" => "fsize",
        "Max data size" => "data",
        "Max stack size" => "stack",
        "Max core file size" => "core",
        "Max resident set" => "rss",
        "Max processes" => "nproc",
        "Max open files" => "nofile",
        "Max locked memory" => "memlock",
        "Max address space" => "as",
        "Max file locks" => "locks",
        "Max pending signals" => "sigpending",
        "Max msgqueue size" => "msgqueue",
        "Max nice priority" => "nice",
        "Max realtime priority" => "rtprio",
        "Max realtime timeout" => "rttime",
        _ => null,
    };

    private static Version ParseVersion(string release)
    {
        var parts = release.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var minor) ? new Version(major, minor) : new Version(0, 0);
    }

    private static string GoArchitecture(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        _ => architecture.ToString().ToLowerInvariant(),
    };

    private static IReadOnlyList<string> FindThermalThrottle()
    {
        const string cpus = "/sys/devices/system/cpu";
        // All or none of the CPUs have it: the first one tells.
        if (!Directory.Exists(cpus + "/cpu0/thermal_throttle"))
            return [];
        return [.. Directory.EnumerateDirectories(cpus, "cpu?*").Select(cpu => cpu + "/thermal_throttle").Where(Directory.Exists)
            .Order(StringComparer.Ordinal)];
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
