using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Import-ContainerVolume: unpacks tar archives into a volume.</summary>
[Cmdlet(VerbsData.Import, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class ImportContainerVolumeCommand : EngineCmdlet
{
    /// <summary>The volume.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [Alias("Volume")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Archives: plain, gzip or zstd.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FilePath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    private protected override void AcceptRecord()
    {
        foreach (var path in Path.Select(path => GetUnresolvedProviderPathFromPSPath(path)))
            if (ShouldProcess(Name, $"Unpack {path} into volume"))
                Run(path, () => ImportAsync(path));
    }

    private async Task ImportAsync(string path)
    {
        if (!File.Exists(path))
            throw new ContainerEngineException(ErrorKind.NotFound, "FileNotFound", $"the archive {path} doesn't exist", path, "correct the path");
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        await Engine.ImportVolumeAsync(Name, file, Cancellation);
        await EmitAsync(await Engine.InspectVolumeAsync(Name, Cancellation));
    }
}
