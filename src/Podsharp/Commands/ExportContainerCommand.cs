using System.Management.Automation;
using Podsharp.Orchestration.Files;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Export-Container: writes containers' root file systems as tar archives.</summary>
[Cmdlet(VerbsData.Export, "Container", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerCommand : ContainerCmdlet
{
    /// <summary>The archive to write, or a directory: in it one is made for each container, NAME.tar.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [Alias("PSPath", "FilePath", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Does not replace a file that is there.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    private protected override void Accept(ContainerTarget target)
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        if (ShouldProcess(target.Display, $"Export root file system to {path}"))
            Run(target.ErrorTarget, () => ExportAsync(target, path));
    }

    private async Task ExportAsync(ContainerTarget target, string path)
    {
        if (Directory.Exists(path))
            path = System.IO.Path.Combine(path, await NameAsync(target) + ".tar");
        await OutputFile.WriteAsync(path, NoClobber, file => Engine.ExportContainerAsync(target.Key, file, Cancellation));
        await EmitFileAsync(path);
    }

    private async Task<string> NameAsync(ContainerTarget target) =>
        target.Container?.Name ?? (await Engine.InspectContainerAsync(target.Key, cancellationToken: Cancellation)).Container.Name;
}
