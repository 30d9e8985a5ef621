using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Repair-Container: takes down what the end of containers, or of those who worked on them, has left, and emits them as they are then.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RepairContainerCommand : ContainerCmdlet
{
    /// <summary>Removes those that don't run, with their anonymous volumes.</summary>
    [Parameter]
    public SwitchParameter Remove { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, Remove ? "Take down and remove container" : "Take down what the container has left"))
            Run(target.ErrorTarget, () => RepairAsync(target.Key));
    }

    private async Task RepairAsync(string key)
    {
        // Looking at it puts it in order; what runs then is left alone.
        var container = await LookAsync(key);
        if (container.State is not (ContainerState.Running or ContainerState.Paused or ContainerState.Stopping))
        {
            await Engine.CleanupContainerAsync(container.Id, new ContainerCleanup { Remove = Remove }, Cancellation);
            if (Remove)
                return;
            container = await LookAsync(container.Id);
        }
        await EmitAsync(container);
    }

    private async Task<Container> LookAsync(string key)
    {
        await foreach (var container in Engine.ListContainersAsync(new ContainerQuery { All = true, NamesOrIds = [key] }, Cancellation))
            return container;
        throw EngineErrors.ContainerNotFound(key);
    }
}
