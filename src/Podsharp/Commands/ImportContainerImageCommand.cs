using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Import-ContainerImage: makes images of root file system archives.</summary>
[Cmdlet(VerbsData.Import, "ContainerImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ImportContainerImageCommand : ThrottledCmdlet
{
    /// <summary>Archives (tar, gzip or zstd); wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path", ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Archives, their paths taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>The name to give the image.</summary>
    [Parameter(Position = 1)]
    [Alias("Name", "Tag")]
    public string? Reference { get; set; }

    /// <summary>The archive holds a root file system. The only kind so far: without it the command refuses.</summary>
    [Parameter]
    public SwitchParameter FileSystem { get; set; }

    /// <summary>Containerfile instructions to apply: 'CMD ["sh"]', 'ENV A=b', 'WORKDIR /srv'.</summary>
    [Parameter]
    public string[] Change { get; set; } = [];

    /// <summary>A comment for the image's history.</summary>
    [Parameter]
    public string Message { get; set; } = "";

    /// <summary>The platform to record: OS/ARCH[/VARIANT]; the host's when not given.</summary>
    [Parameter]
    [PlatformTransformation]
    public ImagePlatform? Platform { get; set; }

    private protected override void AcceptRecord()
    {
        if (!FileSystem)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.Unsupported("image archives can't be loaded yet", null,
                "give -FileSystem if the archive holds a root file system"), null));
        foreach (var path in Resolve())
            if (ShouldProcess(path, "Import root file system as image"))
                Run(path, () => ImportAsync(path));
    }

    private IEnumerable<string> Resolve() => LiteralPath is not null
        ? LiteralPath.Select(GetUnresolvedProviderPathFromPSPath)
        : (Path ?? []).SelectMany(path => WildcardPattern.ContainsWildcardCharacters(path)
            ? GetResolvedProviderPathFromPSPath(path, out _)
            : (IEnumerable<string>)[GetUnresolvedProviderPathFromPSPath(path)]);

    private async Task ImportAsync(string path)
    {
        Stream archive;
        try
        {
            archive = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (IOException error)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "ArchiveNotFound", $"the archive \"{path}\" can't be read", path,
                "check the path", error);
        }
        await using (archive)
            await EmitAsync(await Engine.ImportImageAsync(archive,
                new ImageImportRequest { Reference = Reference, Changes = Change, Message = Message, Platform = Platform }, Cancellation));
    }
}
