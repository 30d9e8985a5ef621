using System.Management.Automation;
using Podsharp.Orchestration.Files;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Export-ContainerVolume: writes what is in volumes as tar archives.</summary>
[Cmdlet(VerbsData.Export, "ContainerVolume", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerVolumeCommand : VolumeCmdlet
{
    /// <summary>The archive to write, or a directory: in it one is made for each volume, NAME.tar.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [Alias("PSPath", "FilePath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not replace a file that is there.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    private protected override void Accept(string name, object target)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (ShouldProcess(name, $"Export content to {path}"))
            Run(target, () => ExportAsync(name, path));
    }

    private async Task ExportAsync(string name, string path)
    {
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, (await Engine.InspectVolumeAsync(name, Cancellation)).Name + ".tar");
        await OutputFile.WriteAsync(path, NoClobber, file => Engine.ExportVolumeAsync(name, file, Cancellation));
        await EmitFileAsync(path);
    }
}
