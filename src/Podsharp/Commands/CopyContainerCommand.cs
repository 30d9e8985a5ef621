using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Copy-Container: makes containers like others and emits them.</summary>
[Cmdlet(VerbsCommon.Copy, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
[Alias("Clone-Container")]
public sealed class CopyContainerCommand : LimitCmdlet
{
    /// <summary>The new container's name; the other's with -clone, and a number if need be, when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Another image; the other container's when not given.</summary>
    [Parameter(Position = 2)]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Image { get; set; }

    /// <summary>The pod to put it in: a name, an id or a pod; none, whatever pod the other one is in, when not given.</summary>
    [Parameter]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string? Pod { get; set; }

    /// <summary>Removes the other container once the new one is made. Its volumes stay: they are the new one's, too.</summary>
    [Parameter]
    public SwitchParameter Destroy { get; set; }

    /// <summary>With -Destroy: also if it runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Starts the new container.</summary>
    [Parameter]
    [Alias("Run")]
    public SwitchParameter Start { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        if (!ShouldProcess(target.Display, Destroy ? "Copy and remove container" : "Copy container"))
            return;
        var request = new ContainerCloneRequest { Name = NewName, Image = Image, Pod = Pod, Resources = BuildResources(), Destroy = Destroy, Force = Force };
        Run(target.ErrorTarget, async () =>
        {
            if (Image is not null && !await Engine.ImageExistsAsync(Image, Cancellation))
                await PullAsync(new ImagePullRequest { Reference = Image });
            var result = await Engine.CloneContainerAsync(target.Key, request, Cancellation);
            await WarnAsync(result.Warnings);
            await EmitAsync(Start ? await Engine.StartContainerAsync(result.Container.Id, Cancellation) : result.Container);
        });
    }
}
