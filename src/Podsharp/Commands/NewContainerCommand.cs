using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-Container: defines a container and emits it; Start-Container starts it.</summary>
[Cmdlet(VerbsCommon.New, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class NewContainerCommand : SpecCmdlet
{
    /// <summary>Images to make a container of each.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage? InputObject { get; set; }

    /// <summary>Makes it an init container of its pod, which runs to its end before the others start: Always, or Once and is removed then.</summary>
    [Parameter]
    [ValidateSet("Always", "Once")]
    public string? InitContainer { get; set; }

    private protected override void AcceptRecord()
    {
        ContainerSpec spec;
        try
        {
            spec = BuildSpec(InputObject) with { InitContainer = InitContainer?.ToLowerInvariant() };
        }
        catch (ContainerEngineException error)
        {
            WriteError(ErrorRecords.Create(error, Image));
            return;
        }
        var what = spec.RootFs ?? spec.Image;
        if (ShouldProcess(spec.Name is null ? what : $"{spec.Name} ({what})", "Create container"))
            Run(spec.Name ?? what, async () => await EmitAsync(await CreateAsync(spec)));
    }
}
