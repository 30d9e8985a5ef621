using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Submit-ContainerManifest: sends lists of images and their images.</summary>
[Cmdlet(VerbsLifecycle.Submit, "ContainerManifest", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageCopyResult))]
[Alias("Push-ContainerManifest")]
public sealed class SubmitContainerManifestCommand : ManifestCmdlet
{
    /// <summary>The name at the registry, or a place such as oci:DIRECTORY; the list's own name if it isn't given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Destination { get; set; }

    /// <summary>Sends the list alone: its images must be there.</summary>
    [Parameter]
    public SwitchParameter NoImage { get; set; }

    /// <summary>The form that the list and its images take there: Oci or Docker. Otherwise they keep theirs.</summary>
    [Parameter]
    public ImageFormat? Format { get; set; }

    /// <summary>How layers are compressed that have to be sent.</summary>
    [Parameter]
    public ImageCompression? Compression { get; set; }

    /// <summary>How hard to compress: gzip 0 to 9, zstd 1 to 20.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int? CompressionLevel { get; set; }

    /// <summary>Also sends layers that the registry has, but compressed in another way.</summary>
    [Parameter]
    public SwitchParameter ForceCompression { get; set; }

    /// <summary>Adds images to the list there that differ from the others in their compression alone.</summary>
    [Parameter]
    public ImageCompression[] AddCompression { get; set; } = [];

    /// <summary>Leaves the images' signatures behind.</summary>
    [Parameter]
    public SwitchParameter RemoveSignature { get; set; }

    /// <summary>Removes the list from local storage once it is sent.</summary>
    [Parameter]
    public SwitchParameter RemoveAfter { get; set; }

    private protected override void AcceptRecord()
    {
        var request = new ManifestPushRequest
        {
            Name = InputObject is { Names: [var only] } ? only : Key,
            Destination = Destination is null ? null : ImagePlaces.Resolve(Destination, path => FullPath(path)!),
            All = !NoImage,
            Format = Format,
            Compression = Compression,
            CompressionLevel = CompressionLevel,
            ForceCompression = ForceCompression,
            AddCompression = AddCompression,
            RemoveSignatures = RemoveSignature,
            Registry = BuildRegistryOptions(),
        };
        if (ShouldProcess(Display, $"Push list of images to {Destination ?? "the registry of its name"}"))
            Run(ErrorTarget, async () => await EmitAsync(await PushAsync(request)));
    }

    private async Task<ImageCopyResult> PushAsync(ManifestPushRequest request)
    {
        ImageCopyResult? result = null;
        await ShowLayersAsync($"Pushing {request.Name}", Engine.PushManifestAsync(request, Cancellation), step =>
        {
            result = step.Result ?? result;
            return ValueTask.FromResult(step.Stage == ImageCopyStage.Done ? null : LayerStep.Of(step));
        });
        if (RemoveAfter)
            await Engine.RemoveManifestAsync(request.Name, Cancellation);
        return result ?? throw EngineErrors.ImageNotFound(request.Name);
    }
}
