using System.Collections;
using System.Management.Automation;
using System.Security;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Hosting;
using Podsharp.Model;
using Podsharp.Orchestration.Images;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Build-ContainerImage: builds images of Containerfiles.</summary>
[Cmdlet("Build", "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage), typeof(ContainerManifest))]
[Alias("New-ContainerImage")]
public sealed partial class BuildContainerImageCommand : PullPolicyCmdlet
{
    /// <summary>The context: a directory with the files that the build may use, or the address of a git repository or an archive.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Context", "FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Names for the image.</summary>
    [Parameter(Position = 1)]
    [Alias("Tag", "Reference")]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Containerfiles, which are read as one; the context's Containerfile or Dockerfile when not given.</summary>
    [Parameter]
    [Alias("Containerfile", "Dockerfile")]
    public string[] File { get; set; } = [];

    /// <summary>The text of a Containerfile, in place of a file.</summary>
    [Parameter]
    public string? Definition { get; set; }

    /// <summary>A file with rules of what the context leaves out, in place of its .containerignore or .dockerignore.</summary>
    [Parameter]
    public string? IgnoreFile { get; set; }

    /// <summary>Further contexts by name: directories, addresses, or images behind container-image://.</summary>
    [Parameter]
    [DictionaryTransformation]
    [Alias("BuildContext")]
    public Hashtable? NamedContext { get; set; }

    /// <summary>The stage to build, by name or number; the last when not given.</summary>
    [Parameter]
    public string? Target { get; set; }

    /// <summary>Values for ARG.</summary>
    [Parameter]
    [DictionaryTransformation]
    [Alias("BuildArg")]
    public Hashtable? BuildArgument { get; set; }

    /// <summary>The form of the image.</summary>
    [Parameter]
    public ImageFormat Format { get; set; } = ImageFormat.Oci;

    /// <summary>Carries out all steps, whatever earlier builds have led to.</summary>
    [Parameter]
    public SwitchParameter NoCache { get; set; }

    /// <summary>How many stages are built at once; 0 for as many as can be.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Jobs { get; set; }

    /// <summary>Labels for the image.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>Annotations of the image's manifest.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Annotation { get; set; }

    /// <summary>Secrets for RUN --mount=type=secret, by id: a SecureString with the value, or the path of a file with it.</summary>
    [Parameter]
    public Hashtable? Secret { get; set; }

    /// <summary>The time of the image, its history and all files that the build adds: the same input gives the same image.</summary>
    [Parameter]
    public DateTimeOffset? Timestamp { get; set; }

    /// <summary>A directory, or an archive whose name ends in .tar, that gets the image's files, too.</summary>
    [Parameter]
    public string? OutputPath { get; set; }

    private protected override int Parallelism => MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 2;

    private protected override void AcceptRecord()
    {
        ImageBuildRequest request;
        try
        {
            request = WithPlatforms(Request());
        }
        catch (ContainerEngineException error)
        {
            WriteError(ErrorRecords.Create(error, Path));
            return;
        }
        if (ShouldProcess(request.Names.Count > 0 ? string.Join(", ", request.Names) : Path, "Build image"))
            Run(Path, () => BuildAsync(request));
    }

    private async Task BuildAsync(ImageBuildRequest request)
    {
        var log = new BuildLog(IsMany, line => WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST", "Build"]));
        await foreach (var step in Engine.BuildImageAsync(request, null, Cancellation))
        {
            if (step.Stage == ImageBuildStage.Warning)
                await WarnAsync([step.Text]);
            else if (step.Image is { } image)
            {
                if (step.Sbom is { } sbom)
                    ReadSbom()!.Write(sbom);
                await EmitAsync(await WithFilesAsync(image));
            }
            else if (step.List is { } list)
                await EmitAsync(list);
            else
                await OnPipelineAsync(() => log.Show(step));
        }
    }

    private async Task<ContainerImage> WithFilesAsync(ContainerImage image)
    {
        if (FullPath(OutputPath) is { } path)
            await new BuiltFiles { IsArchive = path.EndsWith(".tar", StringComparison.Ordinal), Path = path }.WriteAsync(Engine, EngineProvider.CreateHostFiles(), image.Id, Stream.Null, Cancellation);
        return image;
    }

    private ImageBuildRequest Request() => WithSteps(WithResult(new()
    {
        Context = BuildRequestBuilder.IsAddress(Path) ? Path : FullPath(Path),
        Files = Files(),
        IgnoreRules = IgnoreFile is null ? null : ReadText(IgnoreFile),
        Contexts = DictionaryTransformationAttribute.ToStrings(NamedContext).ToDictionary(pair => pair.Key, pair => BuildRequestBuilder.IsAddress(pair.Value) ? pair.Value : FullPath(pair.Value)!),
        Names = Name,
        Target = Target,
        Arguments = DictionaryTransformationAttribute.ToStrings(BuildArgument),
        Format = Format,
        UseCache = !NoCache,
        Jobs = Jobs,
        Labels = DictionaryTransformationAttribute.ToStrings(Label),
        Annotations = DictionaryTransformationAttribute.ToStrings(Annotation),
        Secrets = Secrets(),
        Sbom = ReadSbom()?.Build(),
        Timestamp = Timestamp,
        PullPolicy = PullPolicy,
        Registry = BuildRegistryOptions(),
        Run = RunSpec(),
    }));

    private IReadOnlyList<BuildFile> Files()
    {
        if (Definition is null)
            return [.. File.Select(name => System.IO.File.Exists(FullPath(name)) ? new BuildFile(name, ReadText(name)) : new BuildFile(name, null))];
        return File.Length == 0 ? [new("Definition", Definition)]
            : throw EngineErrors.InvalidArgument("-Definition and -File exclude each other", File[0], "give one of them");
    }

    private List<BuildSecret> Secrets()
    {
        var secrets = new List<BuildSecret>();
        foreach (DictionaryEntry entry in Secret ?? [])
        {
            var value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            var bytes = value is SecureString secure ? SecretText.ToBytes(secure) : Read(value?.ToString() ?? "", System.IO.File.ReadAllBytes);
            secrets.Add(new(entry.Key.ToString()!, bytes));
        }
        return secrets;
    }

    private string ReadText(string path) => Read(path, System.IO.File.ReadAllText);

    private T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(FullPath(path) ?? "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"{path} can't be read: {error.Message}", path, "correct the path", error);
        }
    }
}
