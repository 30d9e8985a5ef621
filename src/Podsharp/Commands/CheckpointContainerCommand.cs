using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Checkpoint-Container: saves the processes of running containers and emits the checkpoints.</summary>
[Cmdlet(VerbsData.Checkpoint, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerCheckpoint))]
public sealed class CheckpointContainerCommand : ContainerCmdlet
{
    /// <summary>Lets the container run on.</summary>
    [Parameter]
    public SwitchParameter LeaveRunning { get; set; }

    /// <summary>Takes established TCP connections along.</summary>
    [Parameter]
    public SwitchParameter TcpEstablished { get; set; }

    /// <summary>Takes file locks along.</summary>
    [Parameter]
    [Alias("FileLocks")]
    public SwitchParameter FileLock { get; set; }

    /// <summary>Saves memory only, while the container runs on: the first of two rounds.</summary>
    [Parameter]
    [Alias("PreCheckpoint")]
    public SwitchParameter Pre { get; set; }

    /// <summary>Saves what has changed since the first round.</summary>
    [Parameter]
    public SwitchParameter WithPrevious { get; set; }

    /// <summary>Keeps CRIU's log and statistics beside the checkpoint.</summary>
    [Parameter]
    public SwitchParameter Keep { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Checkpoint container"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.CheckpointContainerAsync(target.Key, new ContainerCheckpointRequest
            {
                LeaveRunning = LeaveRunning,
                TcpEstablished = TcpEstablished,
                FileLocks = FileLock,
                Pre = Pre,
                WithPrevious = WithPrevious,
                Keep = Keep,
            }, Cancellation)));
    }
}
