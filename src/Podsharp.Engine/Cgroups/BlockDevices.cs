using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Limits and weights of block devices, with the devices' numbers.</summary>
internal static class BlockDevices
{
    private const int LowestWeight = 10;
    private const int HighestWeight = 1000;

    /// <summary>What the runtime is told; null where nothing was asked for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for what isn't a block device or a weight, Unsupported where the kernel
    /// has no such limits.</exception>
    internal static OciBlockIO? Find(ResourceLimits limits, HostFacts host)
    {
        var weighted = limits.BlockWeight is > 0 || limits.BlockDeviceWeights is { Count: > 0 };
        var limited = limits.DeviceReadRates is { Count: > 0 } || limits.DeviceWriteRates is { Count: > 0 }
            || limits.DeviceReadOperations is { Count: > 0 } || limits.DeviceWriteOperations is { Count: > 0 };
        if (!weighted && !limited)
            return null;
        if (!host.Cgroups.Writable)
            throw EngineErrors.Unsupported("limits of block devices can't be set: this user can't make control groups on this host", "blkio", "leave them out");
        if (host.Cgroups.Find("blkio") is null && host.Cgroups.Find("io") is null)
            throw EngineErrors.Unsupported("limits of block devices can't be set: this host has no cgroup controller for them", "blkio", "leave them out");
        if (weighted && !HasWeights(host.Cgroups))
            throw EngineErrors.Unsupported("block IO weights can't be set: this kernel has none", "blkio-weight", "limit rates instead");
        return new OciBlockIO
        {
            Weight = limits.BlockWeight is > 0 and var weight ? (int)Weight(weight) : null,
            WeightDevice = Each(limits.BlockDeviceWeights, (number, value) => new OciWeightDevice(number.Major, number.Minor, Weight(value))),
            ThrottleReadBpsDevice = Throttle(limits.DeviceReadRates),
            ThrottleWriteBpsDevice = Throttle(limits.DeviceWriteRates),
            ThrottleReadIOPSDevice = Throttle(limits.DeviceReadOperations),
            ThrottleWriteIOPSDevice = Throttle(limits.DeviceWriteOperations),
        };
    }

    private static IReadOnlyList<OciThrottleDevice>? Throttle(IReadOnlyList<DeviceLimit>? limits) =>
        Each(limits, (number, value) => new OciThrottleDevice(number.Major, number.Minor, value));

    private static IReadOnlyList<T>? Each<T>(IReadOnlyList<DeviceLimit>? limits, Func<DeviceNumber, long, T> make) where T : class =>
        limits is not { Count: > 0 } ? null : [.. limits.Select(limit => make(Number(limit.Path), limit.Value))];

    private static DeviceNumber Number(string path)
    {
        if (Files.TryStatus(path) is not { } status)
            throw EngineErrors.InvalidArgument($"could not parse device {path}: no such file or directory", path, "name a block device of the host, for example /dev/sda");
        return status.Type == ModeBits.BlockDevice ? new DeviceNumber(status.SpecialMajor, status.SpecialMinor)
            : throw EngineErrors.InvalidArgument($"{path}: not a block device", path, "name a block device of the host, for example /dev/sda");
    }

    private static long Weight(long weight) => weight is >= LowestWeight and <= HighestWeight ? weight
        : throw EngineErrors.InvalidArgument($"block IO weight {weight} is out of range", "blkio-weight", $"give a number from {LowestWeight} to {HighestWeight}");

    // Version 1 shows the files in its root group, too; version 2 only below it: there the runtime tells.
    private static bool HasWeights(CgroupFacts facts) => facts.Find("blkio") is not { IsUnified: false } hierarchy
        || File.Exists(hierarchy.MountPoint + "/blkio.weight") || File.Exists(hierarchy.MountPoint + "/blkio.bfq.weight");

    private sealed record DeviceNumber(long Major, long Minor);
}
