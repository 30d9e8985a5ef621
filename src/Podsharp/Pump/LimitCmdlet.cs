using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that change the limits of containers.</summary>
public abstract class LimitCmdlet : ContainerCmdlet
{
    /// <summary>Memory in bytes: 512mb, or "512m"; 0 for no limit.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? Memory { get; set; }

    /// <summary>The soft memory limit in bytes; 0 for none.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemoryReservation { get; set; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap, 0 for twice the memory.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemorySwap { get; set; }

    /// <summary>0 to 100; only with cgroup v1.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public long? MemorySwappiness { get; set; }

    /// <summary>CPUs: 1.5; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double? Cpu { get; set; }

    /// <summary>The relative weight.</summary>
    [Parameter]
    public ulong? CpuShare { get; set; }

    /// <summary>The period of the CPU quota in microseconds.</summary>
    [Parameter]
    public ulong? CpuPeriod { get; set; }

    /// <summary>The CPU quota in microseconds; 0 for none.</summary>
    [Parameter]
    public long? CpuQuota { get; set; }

    /// <summary>The realtime period in microseconds; only with cgroup v1.</summary>
    [Parameter]
    [ValidateRange(1UL, ulong.MaxValue)]
    public ulong? CpuRealtimePeriod { get; set; }

    /// <summary>The realtime run time in a period in microseconds; only with cgroup v1.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? CpuRealtimeRuntime { get; set; }

    /// <summary>The CPUs it may run on: 0-1,3.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CpuSet { get; set; }

    /// <summary>The memory nodes it may use.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MemoryNode { get; set; }

    /// <summary>Processes and threads; 0 for no limit.</summary>
    [Parameter]
    public long? ProcessLimit { get; set; }

    /// <summary>The weight of block input and output among containers.</summary>
    [Parameter]
    [ValidateRange(10, 1000)]
    public int? IoWeight { get; set; }

    /// <summary>The same for single devices: a hashtable of devices and weights, or "/dev/sda:500".</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "IoWeightDevice")]
    public DeviceLimit[]? IoWeightDevice { get; set; }

    /// <summary>Bytes a second that may be read: a hashtable of devices and rates, or "/dev/sda:10mb".</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceReadRate", Sizes = true)]
    public DeviceLimit[]? DeviceReadRate { get; set; }

    /// <summary>Bytes a second that may be written: a hashtable of devices and rates, or "/dev/sda:10mb".</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceWriteRate", Sizes = true)]
    public DeviceLimit[]? DeviceWriteRate { get; set; }

    /// <summary>Reads a second: a hashtable of devices and numbers, or "/dev/sda:100".</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceReadIops")]
    public DeviceLimit[]? DeviceReadIops { get; set; }

    /// <summary>Writes a second: a hashtable of devices and numbers, or "/dev/sda:100".</summary>
    [Parameter]
    [DeviceLimitTransformation(Option = "DeviceWriteIops")]
    public DeviceLimit[]? DeviceWriteIops { get; set; }

    /// <summary>The limits that are given.</summary>
    private protected ResourceLimits BuildResources() => new()
    {
        Memory = Memory,
        MemoryReservation = MemoryReservation,
        MemorySwap = MemorySwap,
        MemorySwappiness = MemorySwappiness,
        Cpus = Cpu,
        CpuShares = CpuShare,
        CpuPeriod = CpuPeriod,
        CpuQuota = CpuQuota,
        CpuRealtimePeriod = CpuRealtimePeriod,
        CpuRealtimeRuntime = CpuRealtimeRuntime,
        CpuSetCpus = CpuSet,
        CpuSetMems = MemoryNode,
        PidsLimit = ProcessLimit,
        BlockWeight = IoWeight,
        BlockDeviceWeights = IoWeightDevice,
        DeviceReadRates = DeviceReadRate,
        DeviceWriteRates = DeviceWriteRate,
        DeviceReadOperations = DeviceReadIops,
        DeviceWriteOperations = DeviceWriteIops,
    };
}
