using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerImageLayer: the layers of images, the lowest first, or what stands on an image.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageLayer", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ImageLayer))]
public sealed class GetContainerImageLayerCommand : ImageCmdlet
{
    /// <summary>The image's top layer and all image layers that stand on it, instead of those below.</summary>
    [Parameter]
    [Alias("WhatRequires")]
    public SwitchParameter Dependent { get; set; }

    // One after the other, so that the layers of one stay together.
    private protected override int Parallelism => 1;

    private protected override void Accept(ImageTarget target) => Run(target.ErrorTarget, async () =>
    {
        await foreach (var layer in Engine.GetImageLayersAsync(target.Key, Dependent, Cancellation))
            await EmitAsync(layer);
    });
}
