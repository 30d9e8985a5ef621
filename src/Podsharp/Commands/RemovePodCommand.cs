using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-Pod: removes pods with their containers.</summary>
[Cmdlet(VerbsCommon.Remove, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemovePodCommand : PodCmdlet
{
    private const string UnusedSet = "Unused";

    /// <summary>Stops containers that run first.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Force: seconds between the stop signal and SIGKILL.</summary>
    [Parameter]
    [SecondsTransformation]
    [ValidateRange(-1, int.MaxValue)]
    public int? Timeout { get; set; }

    /// <summary>Removes all pods that ran and have ended; -WhatIf shows which.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UnusedSet)]
    public SwitchParameter Unused { get; set; }

    private protected override void AcceptRecord()
    {
        if (Unused)
            Run(target: null, FindUnusedAsync);
        else
            base.AcceptRecord();
    }

    private async Task FindUnusedAsync()
    {
        await foreach (var pod in Engine.ListPodsAsync(new PodQuery { Unused = true }, Cancellation))
            await OnPipelineAsync(() => Accept(PodTarget.Of(pod)));
    }

    private protected override void Accept(PodTarget target)
    {
        if (ShouldProcess(target.Display, "Remove pod"))
            Run(target.ErrorTarget, () => Engine.RemovePodAsync(target.Key, new PodRemoveOptions { Force = Force, Timeout = Timeout }, Cancellation));
    }
}
