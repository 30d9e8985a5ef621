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

    /// <summary>The cgroup under which the container's is made.</summary>
    [Parameter]
    public string? CgroupParent { get; set; }
}
