using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Add-ContainerImageTag: gives an image further names.</summary>
[Cmdlet(VerbsCommon.Add, "ContainerImageTag", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
[Alias("Tag-ContainerImage")]
public sealed class AddContainerImageTagCommand : ThrottledCmdlet
{
    /// <summary>The image: its name or id. When images come through the pipeline, the new names may stand here.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>The names to add.</summary>
    [Parameter(Position = 1)]
    [Alias("Reference", "NewName")]
    [ValidateNotNullOrEmpty]
    public string[] Tag { get; set; } = [];

    /// <summary>The image.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage? InputObject { get; set; }

    private protected override void AcceptRecord()
    {
        // `$image | Add-ContainerImageTag NEW`: the image comes by the pipeline, so the first words are names.
        string[] tags = InputObject is null ? Tag : [.. Image, .. Tag];
        var target = InputObject is not null ? ImageTarget.Of(InputObject) : Image is [var image] ? new ImageTarget(image, image) : null;
        if (target is null || tags.Length == 0)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("one image and a new name for it are needed", null,
                "write Add-ContainerImageTag IMAGE NEW, or pipe the image in"), null));
        var missing = tags.Where(tag => ShouldProcess(target!.Display, $"Add name \"{tag}\"")).ToList();
        if (missing.Count > 0)
            Run(target!.ErrorTarget, () => TagAsync(target.Key, missing));
    }

    private async Task TagAsync(string image, List<string> tags)
    {
        ContainerImage? tagged = null;
        foreach (var tag in tags)
            tagged = await Engine.TagImageAsync(image, tag, Cancellation);
        await EmitAsync(tagged!);
    }
}
