using System.Management.Automation;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on many objects at once.</summary>
public abstract class ThrottledCmdlet : EngineCmdlet
{
    /// <summary>How many objects are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Math.Max(8, Environment.ProcessorCount);

    /// <inheritdoc/>
    private protected override int Parallelism => ThrottleLimit;
}
