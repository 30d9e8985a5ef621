using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Add-ContainerManifestImage: adds images to a list.</summary>
[Cmdlet(VerbsCommon.Add, "ContainerManifestImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class AddContainerManifestImageCommand : ManifestImageCmdlet
{
    private readonly List<string> images = [];

    /// <summary>The list: its name or id.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [Alias("Manifest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Images for it: local ones, else those of registries; docker:// or containers-storage: before a name says which.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ImageReferenceTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Of an image that is a list, adds all its images, and not the one for this host alone.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override void AcceptRecord() => images.AddRange(Image);

    private protected override void AcceptEnd()
    {
        if (images.Count == 0 || !ShouldProcess(Name, $"Add {string.Join(", ", images)} to list of images"))
            return;
        var request = new ManifestAddRequest { Images = images, All = All, Change = Change, Registry = BuildRegistryOptions() };
        Run(Name, async () => await EmitAsync(await Engine.AddManifestImagesAsync(Name, request, Cancellation)));
    }
}
