using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Artifacts;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Export-ContainerArtifact: writes the files of artifacts to a directory, or one to a file.</summary>
[Cmdlet(VerbsData.Export, "ContainerArtifact", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerArtifactCommand : NamedCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, digests or the beginning of digests.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Artifact")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Artifacts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerArtifact[] InputObject { get; set; } = [];

    /// <summary>A directory that is there, or the file that a single one becomes; the current directory if it isn't given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = ".";

    /// <summary>Only the file with this name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Only the file with this digest.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Digest { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var artifact in InputObject)
            Accept(artifact.Name.Length > 0 ? artifact.Name : artifact.Digest, artifact);
        AcceptNames(Name);
    }

    private protected override void Accept(string name, object target)
    {
        var path = FullPath(Path)!;
        if (ShouldProcess(target.ToString(), $"Write files of artifact to {path}"))
            Run(target, () => ExportAsync(name, path));
    }

    private async Task ExportAsync(string name, string path)
    {
        foreach (var file in await ArtifactExtraction.ExtractAsync(Engine, name, path, Title, Digest, Cancellation))
            await EmitAsync(new FileInfo(file));
    }

    private protected override async IAsyncEnumerable<string> AllAsync()
    {
        await foreach (var artifact in Engine.ListArtifactsAsync(Cancellation))
            yield return artifact.Name;
    }
}
