using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Add-ContainerArtifact: makes an OCI artifact of files, adds files to one, or sends files to a registry as an artifact about an image there.</summary>
[Cmdlet(VerbsCommon.Add, "ContainerArtifact", DefaultParameterSetName = StoreSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerArtifact), ParameterSetName = [StoreSet])]
[OutputType(typeof(ContainerArtifactReferrer), ParameterSetName = [SubjectSet])]
public sealed class AddContainerArtifactCommand : RegistryCmdlet
{
    private const string StoreSet = "Store";
    private const string SubjectSet = "Subject";

    private readonly List<ArtifactFile> files = [];

    /// <summary>The artifact's name: as an image's, with its registry where it is to be pushed.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = StoreSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The files.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>An image at a registry, by its name there: the files are sent there as an artifact about it, and nothing is kept here.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SubjectSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Subject { get; set; } = "";

    /// <summary>What kind of artifact it is, as a media type: application/spdx+json.</summary>
    [Parameter(ParameterSetName = StoreSet)]
    [Parameter(Mandatory = true, ParameterSetName = SubjectSet)]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    /// <summary>Media type of the files; else what they look like.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FileType { get; set; }

    /// <summary>Annotations of the files and of a new artifact: a hashtable, or NAME=value strings.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }

    /// <summary>Adds the files to an artifact that is there.</summary>
    [Parameter(ParameterSetName = StoreSet)]
    public SwitchParameter Append { get; set; }

    /// <summary>Takes the place of an artifact of that name.</summary>
    [Parameter(ParameterSetName = StoreSet)]
    [Alias("Replace")]
    public SwitchParameter Force { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var path in Path)
        {
            var full = FullPath(path)!;
            files.Add(new ArtifactFile(full, System.IO.Path.GetFileName(full)));
        }
    }

    private protected override void AcceptEnd()
    {
        // Nothing came through the pipeline: nothing is to be made.
        if (files.Count == 0)
            return;
        if (ParameterSetName == SubjectSet)
            Attach();
        else if (ShouldProcess(Name, $"{(Append ? "Add to" : "Make")} artifact: {string.Join(", ", files.Select(file => file.Name))}"))
            Run(Name, async () => await EmitAsync(await Engine.AddArtifactAsync(Request(), Cancellation)));
    }

    private void Attach()
    {
        var request = new ArtifactAttachRequest
        {
            Subject = Subject,
            Files = files,
            Type = Type!,
            FileType = FileType,
            Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
            Registry = BuildRegistryOptions(),
        };
        if (ShouldProcess(Subject, $"Attach artifact: {string.Join(", ", files.Select(file => file.Name))}"))
            Run(Subject, async () => await EmitAsync(await Engine.AttachArtifactAsync(request, Cancellation)));
    }

    private ArtifactAddRequest Request() => new()
    {
        Name = Name,
        Files = files,
        Type = Type,
        FileType = FileType,
        Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
        Append = Append,
        Replace = Force,
    };
}
