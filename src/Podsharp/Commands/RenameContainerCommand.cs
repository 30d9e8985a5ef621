using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Rename-Container: gives a container another name and emits it.</summary>
[Cmdlet(VerbsCommon.Rename, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class RenameContainerCommand : ContainerCmdlet
{
    /// <summary>The new name.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    /// <summary>Taken for scripts that follow PowerShell's habit; the containers are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, $"Rename container to {NewName}"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.RenameContainerAsync(target.Key, NewName, Cancellation)));
    }
}
