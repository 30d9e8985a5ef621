using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerProcess: the processes in running containers.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerProcess", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerProcessInfo))]
public sealed class GetContainerProcessCommand : ContainerCmdlet
{
    private const string PodSet = "Pod";

    /// <summary>Pods whose running containers' processes are listed: names, ids or pods.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PodSet)]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Pod { get; set; }

    /// <summary>Further descriptors of podman top (huser, label, seccomp ...), found in the Fields property.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProcessDescriptorCompleter))]
    public string[] Descriptor { get; set; } = [];

    /// <summary>Options of ps: its columns are found in the Fields property, by their headings.</summary>
    [Parameter]
    public string[] PsArgument { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (Pod is null)
            base.AcceptRecord();
        foreach (var pod in Pod ?? [])
            Run(pod, () => FindAsync(pod));
    }

    private async Task FindAsync(string nameOrId)
    {
        await foreach (var pod in Engine.ListPodsAsync(new PodQuery { NamesOrIds = [nameOrId] }, Cancellation))
        {
            foreach (var container in pod.Containers.Where(container => container.State is ContainerState.Running or ContainerState.Paused))
                await OnPipelineAsync(() => Accept(ContainerTarget.Of(container.Id)));
        }
    }

    private protected override bool Matches(Container container) => container.State is ContainerState.Running or ContainerState.Paused;

    private protected override void Accept(ContainerTarget target) => Run(target.ErrorTarget, async () =>
    {
        if (PsArgument.Length > 0)
        {
            await EmitPsAsync(target.Key);
            return;
        }
        await foreach (var process in Engine.GetProcessesAsync(target.Key, Descriptor, Cancellation))
            await EmitAsync(process);
    });

    private async Task EmitPsAsync(string nameOrId)
    {
        if (Descriptor.Length > 0)
            throw EngineErrors.InvalidArgument("-Descriptor and -PsArgument exclude each other", null, "give one of them");
        var container = (await Engine.InspectContainerAsync(nameOrId, cancellationToken: Cancellation)).Container;
        foreach (var process in PsOutput.Parse(await Engine.GetProcessLinesAsync(container.Id, PsArgument, Cancellation), container.Id, container.Name))
            await EmitAsync(process);
    }
}
