using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-Container: removes containers.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveContainerCommand : ContainerCmdlet
{
    private const string UnusedSet = "Unused";

    // Those that were refused since others require them, and how many were removed since; of the pipeline thread.
    private readonly List<(ContainerTarget Target, ContainerEngineException Refusal)> required = [];
    private int removed;

    /// <summary>Stops it first if it runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Also removes its anonymous volumes.</summary>
    [Parameter]
    [Alias("Volumes")]
    public SwitchParameter Volume { get; set; }

    /// <summary>Also removes the containers that require it.</summary>
    [Parameter]
    public SwitchParameter Depend { get; set; }

    /// <summary>With -Force: seconds between the stop signal and SIGKILL.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Removes all that were never started or have ended; -WhatIf shows which.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UnusedSet)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public object[]? Label { get; set; }

    /// <summary>podman's filters for unused containers: a hashtable of label, label! and until.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public Hashtable? Filter { get; set; }

    private protected override void AcceptRecord()
    {
        if (Unused)
            Run(target: null, FindUnusedAsync);
        else
            base.AcceptRecord();
    }

    private async Task FindUnusedAsync()
    {
        var query = new ContainerQuery { Unused = true, Filters = Filters.Read(Filter, Label) };
        await foreach (var container in Engine.ListContainersAsync(query, Cancellation))
            await OnPipelineAsync(() => Accept(ContainerTarget.Of(container)));
    }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, "Remove container"))
            Run(target.ErrorTarget, () => RemoveAsync(target));
    }

    // What requires a container may be removed by this same pipeline: then it's tried again, for as long as anything goes.
    private protected override bool AcceptIdle()
    {
        if (required.Count == 0)
            return false;
        var again = required.ToList();
        required.Clear();
        if (removed == 0)
        {
            foreach (var (target, refusal) in again)
                WriteError(ErrorRecords.Create(refusal, target.ErrorTarget));
            return false;
        }
        removed = 0;
        foreach (var (target, _) in again)
            Run(target.ErrorTarget, () => RemoveAsync(target));
        return true;
    }

    private async Task RemoveAsync(ContainerTarget target)
    {
        try
        {
            await Engine.RemoveContainerAsync(target.Key, new RemoveOptions { Force = Force, Volumes = Volume, Depend = Depend, Timeout = Timeout }, Cancellation);
            await OnPipelineAsync(() => removed++);
        }
        catch (ContainerEngineException refusal) when (refusal.ErrorId == "ContainerRequired")
        {
            await OnPipelineAsync(() => required.Add((target, refusal)));
        }
        catch (ContainerEngineException gone) when (gone.ErrorId == "ContainerNotFound" && Force && target.Container is not null)
        {
            // It was there when it was listed, and went by itself since (--rm) or by another hand.
        }
    }
}
