using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-ContainerManifest: makes a list of images for several platforms.</summary>
[Cmdlet(VerbsCommon.New, "ContainerManifest", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerManifest))]
public sealed class NewContainerManifestCommand : RegistryCmdlet
{
    private readonly List<string> images = [];

    /// <summary>The list's name; a short one belongs to localhost.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Images for it: local ones, else those of registries; docker:// or containers-storage: before a name says which.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ImageReferenceTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Of an image that is a list, adds all its images, and not the one for this host alone.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Adds to a list of that name, if there is one.</summary>
    [Parameter]
    public SwitchParameter Amend { get; set; }

    /// <summary>Annotations of the list.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }

    private protected override void AcceptRecord() => images.AddRange(Image);

    private protected override void AcceptEnd()
    {
        if (!ShouldProcess(Name, "Make list of images"))
            return;
        var request = new ManifestCreateRequest
        {
            Name = Name,
            Images = images,
            All = All,
            Amend = Amend,
            Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
            Registry = BuildRegistryOptions(),
        };
        Run(Name, async () => await EmitAsync(await Engine.CreateManifestAsync(request, Cancellation)));
    }
}
