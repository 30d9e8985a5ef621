using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Wait-Container: waits until containers end, or until another condition holds.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerExit))]
public sealed class WaitContainerCommand : ContainerCmdlet
{
    /// <summary>What to wait for; the first that holds ends the wait.</summary>
    [Parameter]
    public WaitCondition[] Condition { get; set; } = [WaitCondition.Stopped];

    /// <summary>Seconds to wait at most; no limit when not given.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int Timeout { get; set; } = -1;

    // A wait costs nothing: all at once unless told otherwise.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : int.MaxValue;

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, () => WaitAsync(target));

    private async Task WaitAsync(ContainerTarget target)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        if (Timeout >= 0)
            limit.CancelAfter(TimeSpan.FromSeconds(Timeout));
        try
        {
            await EmitAsync(await Engine.WaitContainerAsync(target.Key, Condition, limit.Token));
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            throw new ContainerEngineException(ErrorKind.Timeout, "WaitTimeout",
                $"container \"{target.Display}\" is not {string.Join(" or ", Condition).ToLowerInvariant()} after {Timeout} s", target.Key,
                "wait longer with -Timeout, or see what it does with Get-ContainerLog");
        }
    }
}
