using Podsharp.Engine.Host;
using Podsharp.Engine.Security;

namespace Podsharp.UnitTests.Runtime;

/// <summary>Hosts that tests generate specs for.</summary>
internal static class TestHosts
{
    private static readonly Dictionary<string, long> Limits = new() { ["nofile"] = 524288, ["nproc"] = 60000, ["core"] = -1 };

    internal static HostFacts V2 { get; } = new()
    {
        Cgroups = new CgroupFacts
        {
            Mode = CgroupMode.V2,
            Hierarchies = [new CgroupHierarchy([], "/sys/fs/cgroup", "/user.slice")],
            Controllers = new HashSet<string> { "cpu", "cpuset", "io", "memory", "pids" },
            SwapAccounting = true,
            Writable = true,
        },
        HardLimits = Limits,
        Seccomp = true,
        KernelVersion = new Version(6, 1),
        HostName = "big-host",
        Architecture = "amd64",
        ThermalThrottlePaths = ["/sys/devices/system/cpu/cpu0/thermal_throttle"],
    };

    internal static HostFacts V1 { get; } = V2 with
    {
        Cgroups = new CgroupFacts
        {
            Mode = CgroupMode.V1,
            Hierarchies = [new CgroupHierarchy(["memory"], "/sys/fs/cgroup/memory", "/"), new CgroupHierarchy(["pids"], "/sys/fs/cgroup/pids", "/")],
            Controllers = new HashSet<string> { "cpu", "cpuset", "memory", "pids", "devices", "freezer", "blkio" },
            SwapAccounting = true,
            Writable = true,
        },
    };

    internal static HostFacts Rootless { get; } = V2 with
    {
        Cgroups = V2.Cgroups with { Writable = false },
        InUserNamespace = true,
        UserMap = [new IdMapping(0, 1000, 1)],
        GroupMap = [new IdMapping(0, 1000, 1)],
        OomScoreAdjust = 200,
        EffectiveCapabilities = CapabilitySet.All - CapabilitySet.Parse("SYS_RESOURCE"),
    };
}
