using System.Management.Automation;
using System.Security;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Copy-ContainerImage: copies images between registries, this engine's store, archives and directories, without pulling them.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerImage", DefaultParameterSetName = SourceSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageCopyResult), typeof(ImageTransferResult))]
public sealed class CopyContainerImageCommand : RegistryCmdlet
{
    private const string SourceSet = "Source";
    private const string ObjectSet = "InputObject";
    private const string StoreWord = "containers-storage:";
    private const string HostMark = "::";

    /// <summary>Where the images are: docker://NAME, containers-storage:NAME, oci:DIRECTORY[:NAME], oci-archive:FILE[:NAME], docker-archive:FILE[:NAME] or dir:DIRECTORY.
    /// A name without such a word is one of this engine's store; [USER@]HOST::NAME is one of another host's or user's.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = SourceSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Source { get; set; } = [];

    /// <summary>Images of this engine's store.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[] InputObject { get; set; } = [];

    /// <summary>Where they go, in the same words: [USER@]HOST:: sends them to another host, USER@localhost:: to another user. With several images a script block makes one of each.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>What of a list of images is copied: the image for the platform (System), all of it (All), or the list alone (IndexOnly).</summary>
    [Parameter]
    public ImageListCopy List { get; set; }

    /// <summary>The platform whose image is taken of a list, for example linux/arm64; this host's if it isn't given.</summary>
    [Parameter]
    public ImagePlatform? Platform { get; set; }

    /// <summary>The form that images take there: Oci or Docker. Otherwise they keep their form where that is possible.</summary>
    [Parameter]
    public ImageFormat? Format { get; set; }

    /// <summary>How layers are compressed.</summary>
    [Parameter]
    public ImageCompression? Compression { get; set; }

    /// <summary>How hard to compress: gzip 0 to 9, zstd 1 to 20.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int? CompressionLevel { get; set; }

    /// <summary>Also copies layers that the destination has, but compressed in another way.</summary>
    [Parameter]
    public SwitchParameter ForceCompression { get; set; }

    /// <summary>How the destination has layers: Unchanged, Compressed or Plain.</summary>
    [Parameter]
    public ImageLayerForm? LayerForm { get; set; }

    /// <summary>Fails rather than changes a digest.</summary>
    [Parameter]
    public SwitchParameter PreserveDigest { get; set; }

    /// <summary>Leaves signatures behind.</summary>
    [Parameter]
    public SwitchParameter RemoveSignature { get; set; }

    /// <summary>Encrypts layers for the owners of these keys: jwe:FILE, with an RSA public key in PEM.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EncryptionKey { get; set; } = [];

    /// <summary>The layers to encrypt, counted from 0, or from -1 backwards; all if none is named.</summary>
    [Parameter]
    public int[] EncryptLayer { get; set; } = [];

    /// <summary>Private keys that open encrypted layers: files with RSA keys in PEM. What stands behind a colon is the passphrase, or says where it is: key.pem:file=pass.txt.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DecryptionKey { get; set; } = [];

    /// <summary>The passphrase of those of the private keys that have none behind a colon.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? DecryptionPassphrase { get; set; }

    /// <summary>Further names for the image in an archive in Docker's form.</summary>
    [Parameter]
    public string[] AdditionalName { get; set; } = [];

    /// <summary>User name and password for the source's registry; -Credential is for the destination's.</summary>
    [Parameter]
    [Credential]
    public PSCredential? SourceCredential { get; set; }

    // An image's layers go in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var image in InputObject)
            Accept(image, StoreWord + (image is { Names: [var only] } ? only : image.Id));
        foreach (var source in Source)
            Accept(source, ImagePlaces.HasTransport(source) ? source : StoreWord + source);
    }

    private void Accept(object errorTarget, string source)
    {
        if (Destination.Contains(HostMark, StringComparison.Ordinal) || source.Contains(HostMark, StringComparison.Ordinal))
        {
            Transfer(errorTarget, WithoutStore(source), WithoutStore(Destination));
            return;
        }
        var request = Request(source);
        if (ShouldProcess(request.Source, $"Copy image to {request.Destination}"))
            Run(errorTarget, async () => await EmitAsync(await CopyAsync(request)));
    }

    private void Transfer(object errorTarget, string source, string destination)
    {
        if (ShouldProcess(source, $"Send image to {destination}"))
            Run(errorTarget, async () => await EmitAsync(await Engine.TransferImageAsync(new() { Source = source, Destination = destination }, Cancellation)));
    }

    private static string WithoutStore(string place) => place.StartsWith(StoreWord, StringComparison.Ordinal) ? place[StoreWord.Length..] : place;

    private async Task<ImageCopyResult> CopyAsync(ImageCopyRequest request)
    {
        ImageCopyResult? result = null;
        await ShowLayersAsync($"Copying {request.Source} to {request.Destination}", Engine.CopyImageAsync(request, Cancellation), step =>
        {
            result = step.Result ?? result;
            return ValueTask.FromResult(step.Stage == ImageCopyStage.Done ? null : LayerStep.Of(step));
        });
        return result ?? throw EngineErrors.ImageNotFound(request.Source);
    }

    private ImageCopyRequest Request(string source)
    {
        var registry = BuildRegistryOptions();
        return new()
        {
            Source = ImagePlaces.Resolve(source, path => FullPath(path)!),
            Destination = ImagePlaces.Resolve(Destination, path => FullPath(path)!),
            // A password is for the registry that it was given for.
            SourceRegistry = registry with
            {
                UserName = SourceCredential?.UserName,
                Password = SourceCredential?.GetNetworkCredential().Password,
                DecryptionKeys = DecryptionKeys(DecryptionKey, DecryptionPassphrase),
            },
            DestinationRegistry = registry,
            Lists = List,
            Platform = Platform,
            Format = Format,
            Compression = Compression,
            CompressionLevel = CompressionLevel,
            ForceCompression = ForceCompression,
            Layers = LayerForm,
            PreserveDigests = PreserveDigest,
            RemoveSignatures = RemoveSignature,
            Encryption = EncryptionOptions.Encryption(EncryptionKey, EncryptLayer, path => FullPath(path)!),
            AdditionalNames = AdditionalName,
        };
    }
}
