using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Submit-ContainerImage: pushes images to registries.</summary>
[Cmdlet(VerbsLifecycle.Submit, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImagePushResult))]
[Alias("Push-ContainerImage")]
public sealed class SubmitContainerImageCommand : SigningCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Local images, by name or id.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Images.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[] InputObject { get; set; } = [];

    /// <summary>The name at the registry; the image's own if it isn't given. With several images a script block makes one of each.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? Destination { get; set; }

    /// <summary>The form that the image takes there: Oci or Docker. Otherwise it keeps its form, unless the registry refuses that.</summary>
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

    /// <summary>Leaves the image's signatures behind.</summary>
    [Parameter]
    public SwitchParameter RemoveSignature { get; set; }

    /// <summary>Encrypts layers for the owners of these keys: jwe:FILE, with an RSA public key in PEM.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] EncryptionKey { get; set; } = [];

    /// <summary>The layers to encrypt, counted from 0, or from -1 backwards; all if none is named.</summary>
    [Parameter]
    public int[] EncryptLayer { get; set; } = [];

    /// <summary>A bill of materials (SPDX or CycloneDX in JSON) that is sent with the image, as an artifact about it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SbomPath { get; set; }

    // An image's layers go in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var image in InputObject)
            Accept(ImageTarget.Of(image) with { Key = image is { Names: [var only] } ? only : image.Id });
        foreach (var name in Name)
            Accept(new ImageTarget(name, name));
    }

    private void Accept(ImageTarget target)
    {
        var request = Request(target.Key);
        if (ShouldProcess(target.Display, $"Push image to {Destination ?? "the registry of its name"}"))
            Run(target.ErrorTarget, () => SubmitAsync(request));
    }

    private async Task SubmitAsync(ImagePushRequest request)
    {
        if (FullPath(SbomPath) is { } bill)
            SbomAttachment.Check(bill);
        var pushed = await PushAsync(request);
        if (FullPath(SbomPath) is { } path)
            await Engine.AttachArtifactAsync(SbomAttachment.Of(path, pushed, request.Registry), Cancellation);
        await EmitAsync(pushed);
    }

    private ImagePushRequest Request(string image) => new()
    {
        Image = image,
        Destination = Destination,
        Format = Format,
        Compression = Compression,
        CompressionLevel = CompressionLevel,
        ForceCompression = ForceCompression,
        RemoveSignatures = RemoveSignature,
        Signing = BuildSigning(),
        Encryption = EncryptionOptions.Encryption(EncryptionKey, EncryptLayer, path => FullPath(path)!),
        Registry = BuildRegistryOptions(),
    };
}
