using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Orchestration.Files;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Import-ContainerImage: loads images from archives and directories, or makes them of root file system archives.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
[Alias("Load-ContainerImage")]
public sealed class ImportContainerImageCommand : ThrottledCmdlet
{
    /// <summary>Archives (tar, gzip or zstd), or directories with images; wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Archives or directories, their paths taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The name to give the image that is made of a root file system.</summary>
    [Parameter(Position = 1)]
    [Alias("Name", "Tag")]
    public string? Reference { get; set; }

    /// <summary>The archive holds a root file system, of which an image is to be made. -Reference, -Change and -Message say so, too.</summary>
    [Parameter]
    public SwitchParameter FileSystem { get; set; }

    /// <summary>Containerfile instructions to apply: 'CMD ["sh"]', 'ENV A=b', 'WORKDIR /srv'.</summary>
    [Parameter]
    public string[] Change { get; set; } = [];

    /// <summary>A comment for the image's history.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    /// <summary>The platform to record, or to choose where an archive has several: OS/ARCH[/VARIANT]; the host's when not given.</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }

    /// <summary>The policy.json by which images are accepted, instead of the user's or the host's.</summary>
    [Parameter]
    public string? SignaturePolicy { get; set; }

    private bool IsFileSystem => FileSystem || Reference is not null || Change.Length > 0 || Message.Length > 0;

    private protected override void AcceptRecord()
    {
        foreach (var path in Resolve())
            if (ShouldProcess(path, IsFileSystem ? "Import root file system as image" : "Load images"))
                Run(path, () => IsFileSystem ? ImportAsync(path) : LoadAsync(path));
    }

    private IEnumerable<string> Resolve() => LiteralPath is not null
        ? LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)
        : (Path ?? []).SelectMany(path => WildcardPattern.ContainsWildcardCharacters(path)
            ? GetResolvedProviderPathFromPSPath(path, out _)
            : (IEnumerable<string>)[GetUnresolvedProviderPathFromPSPath(path)]);

    private async Task ImportAsync(string path)
    {
        await using var archive = InputFile.Open(path);
        await EmitAsync(await Engine.ImportImageAsync(archive,
            new ImageImportRequest { Reference = Reference, Changes = Change, Message = Message, Platform = Platform, SignaturePolicy = FullPath(SignaturePolicy) }, Cancellation));
    }

    private async Task LoadAsync(string path)
    {
        var isDirectory = Directory.Exists(path);
        await using var archive = isDirectory ? ImageDirectory.OpenTar(path, Cancellation) : InputFile.Open(path);
        var request = new ImageLoadRequest { Platform = Platform, Source = path, IsDirectory = isDirectory, SignaturePolicy = FullPath(SignaturePolicy) };
        var images = new Dictionary<string, ContainerImage>(StringComparer.Ordinal);
        await ShowLayersAsync("Loading " + System.IO.Path.GetFileName(path), Engine.LoadImagesAsync(archive, request, Cancellation), step =>
        {
            if (step.Image is { } image)
                images[image.Id] = image;
            return ValueTask.FromResult(step.Image is null ? LayerStep.Of(step) : null);
        });
        foreach (var image in images.Values)
            await EmitAsync(image);
    }
}
