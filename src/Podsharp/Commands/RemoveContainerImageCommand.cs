using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerImage: takes names from images, and removes those that have no other.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ImageRemoveResult))]
public sealed class RemoveContainerImageCommand : ImageCmdlet
{
    /// <summary>Also removes an image with several names, and the containers that use it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Accept(ImageTarget target)
    {
        if (ShouldProcess(target.Display, "Remove image"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.RemoveImageAsync(Key(target), Force, Cancellation)));
    }

    // An image object stands for the whole image; with a single name that name is what is taken away.
    private static string Key(ImageTarget target) => target.Image is { Names: [var only] } ? only : target.Key;
}
