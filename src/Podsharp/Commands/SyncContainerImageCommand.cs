using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Sync-ContainerImage: copies whole sets of images between registries and directories. Emits a record for each image.</summary>
[Cmdlet(VerbsData.Sync, "ContainerImage", DefaultParameterSetName = SourceSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageSyncProgress))]
public sealed class SyncContainerImageCommand : RegistryCmdlet
{
    private const string SourceSet = "Source";
    private const string DescriptionSet = "Description";

    /// <summary>What to copy: docker://REPOSITORY with all its tags, docker://REPOSITORY:TAG, or dir:DIRECTORY with images of the transport dir below it.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = SourceSet, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Source { get; set; } = [];

    /// <summary>A YAML file that names registries, repositories and tags (skopeo-sync(1)).</summary>
    [Parameter(Mandatory = true, ParameterSetName = DescriptionSet)]
    [ValidateNotNullOrEmpty]
    public string Description { get; set; } = "";

    /// <summary>Where it goes: docker://REGISTRY/PATH or dir:DIRECTORY.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Has the source's whole name in the destination's path, rather than its last part.</summary>
    [Parameter]
    public SwitchParameter Scoped { get; set; }

    /// <summary>Is appended to the tags at the destination.</summary>
    [Parameter]
    public string TagSuffix { get; set; } = "";

    /// <summary>Copies lists with all their images.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The form that images take there: Oci or Docker.</summary>
    [Parameter]
    public ImageFormat? Format { get; set; }

    /// <summary>Fails rather than changes a digest.</summary>
    [Parameter]
    public SwitchParameter PreserveDigest { get; set; }

    /// <summary>Leaves signatures behind.</summary>
    [Parameter]
    public SwitchParameter RemoveSignature { get; set; }

    /// <summary>User name and password for the source's registry; -Credential is for the destination's.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == DescriptionSet)
            Accept(ImageSyncPlace.Description, System.IO.File.ReadAllText(FullPath(Description)!), Description);
        foreach (var source in Source)
        {
            var (kind, place) = Place(source);
            Accept(kind, place, source);
        }
    }

    private void Accept(ImageSyncPlace kind, string source, string shown)
    {
        var (destinationKind, destination) = Place(Destination);
        var request = Request(kind, source, destinationKind, destination);
        // What would be copied is told by the registry alone: with -WhatIf it is asked, and nothing is written.
        var isForReal = ShouldProcess(shown, $"Copy images to {Destination}");
        if (isForReal || MyInvocation.BoundParameters.ContainsKey("WhatIf"))
            Run(shown, () => SyncAsync(request with { DryRun = !isForReal }));
    }

    private async Task SyncAsync(ImageSyncRequest request)
    {
        await foreach (var step in Engine.SynchroniseImagesAsync(request, Cancellation))
        {
            if (step.Stage == ImageSyncStage.Failed)
                await OnPipelineAsync(() => WriteError(new ErrorRecord(new InvalidOperationException(step.Message), "ImageNotCopied", ErrorCategory.NotSpecified, step.Source)));
            else if (step.Stage != ImageSyncStage.Copying)
                await EmitAsync(step);
        }
    }

    private (ImageSyncPlace Kind, string Place) Place(string text) => text switch
    {
        _ when text.StartsWith("docker://", StringComparison.Ordinal) => (ImageSyncPlace.Registry, text["docker://".Length..]),
        _ when text.StartsWith("dir:", StringComparison.Ordinal) => (ImageSyncPlace.Directory, FullPath(text["dir:".Length..]) ?? ""),
        _ => throw EngineErrors.InvalidArgument($"\"{text}\" is neither docker:// nor dir:", text, "write docker://REGISTRY/NAME or dir:DIRECTORY"),
    };

    private ImageSyncRequest Request(ImageSyncPlace kind, string source, ImageSyncPlace destinationKind, string destination)
    {
        var registry = BuildRegistryOptions();
        return new()
        {
            SourceKind = kind,
            Source = source,
            DestinationKind = destinationKind,
            Destination = destination,
            Scoped = Scoped,
            TagSuffix = TagSuffix,
            AllImages = All,
            Format = Format,
            PreserveDigests = PreserveDigest,
            RemoveSignatures = RemoveSignature,
            // An image that fails is an error of its own, which -ErrorAction makes an end of.
            KeepGoing = true,
            SourceRegistry = registry with { UserName = SourceCredential?.UserName, Password = SourceCredential?.GetNetworkCredential().Password },
            DestinationRegistry = registry,
        };
    }
}
