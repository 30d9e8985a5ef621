using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;

namespace Podsharp.Pump;

// The parameters that say what it may use.
public abstract partial class SpecCmdlet
{
    /// <summary>Memory in bytes: 512mb, or "512m".</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public long? Memory { get; set; }

    /// <summary>The soft memory limit in bytes.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemoryReservation { get; set; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? MemorySwap { get; set; }

    /// <summary>0 to 100; only with cgroup v1.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public long? MemorySwappiness { get; set; }

    /// <summary>CPUs: 1.5.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.001, 100000.0)]
    public double? Cpu { get; set; }

    /// <summary>The relative weight.</summary>
    [Parameter]
    public ulong? CpuShare { get; set; }

    /// <summary>The period of the CPU quota in microseconds.</summary>
    [Parameter]
    public ulong? CpuPeriod { get; set; }

    /// <summary>The CPU quota in microseconds.</summary>
    [Parameter]
    public long? CpuQuota { get; set; }

    /// <summary>The realtime period in microseconds; only with cgroup v1.</summary>
    [Parameter]
    public ulong? CpuRealtimePeriod { get; set; }

    /// <summary>The realtime run time in a period in microseconds; only with cgroup v1.</summary>
    [Parameter]
    public long? CpuRealtimeRuntime { get; set; }

    /// <summary>The CPUs it may run on: 0-1,3.</summary>
    [Parameter]
    public string? CpuSet { get; set; }

    /// <summary>The memory nodes it may use.</summary>
    [Parameter]
    public string? MemoryNode { get; set; }

    /// <summary>Processes and threads; 0 for no limit.</summary>
    [Parameter]
    public long? ProcessLimit { get; set; }

    /// <summary>Process limits: "nofile=1024:2048", or a hashtable of names and values.</summary>
    [Parameter]
    [UlimitTransformation]
    public Ulimit[] Ulimit { get; set; } = [];

    /// <summary>Keeps the kernel's OOM killer away; only with cgroup v1.</summary>
    [Parameter]
    public SwitchParameter DisableOomKill { get; set; }

    /// <summary>-1000 to 1000.</summary>
    [Parameter]
    [ValidateRange(-1000, 1000)]
    public int? OomScoreAdjust { get; set; }

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

    /// <summary>Contents for files of its cgroup v2 group: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? CgroupSetting { get; set; }

    /// <summary>Whether it has control groups; with NoConmon conmon stays in the session's, with Split the container, too, each in a part of it.</summary>
    [Parameter]
    [ValidateSet("Enabled", "Disabled", "NoConmon", "Split")]
    public string CgroupMode { get; set; } = "Enabled";

    /// <summary>The cgroup under which the container's is made.</summary>
    [Parameter]
    public string? CgroupParent { get; set; }
}
