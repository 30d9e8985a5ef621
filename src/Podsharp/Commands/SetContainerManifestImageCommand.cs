using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-ContainerManifestImage: sets what a list says of one of its images.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerManifestImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class SetContainerManifestImageCommand : ManifestImageCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>The list: its name or id.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet)]
    [Alias("Manifest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The image: the digest of its manifest, or its name.</summary>
    [Parameter(Position = 1, Mandatory = true, ParameterSetName = NameSet)]
    [Alias("Digest")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "";

    /// <summary>Images of lists, as those have them in their property Images.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerManifestImage[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == NameSet)
            Accept(Name, Image, Image);
        foreach (var image in InputObject)
            Accept(image.Manifest, image.Digest, image);
    }

    private void Accept(string list, string image, object target)
    {
        var request = new ManifestAnnotateRequest { Image = image, Change = Change, Registry = BuildRegistryOptions() };
        if (ShouldProcess(list, $"Annotate {image} in list of images"))
            Run(target, async () => await EmitAsync(await Engine.AnnotateManifestAsync(list, request, Cancellation)));
    }
}
