using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Import-PodmanVolume: makes volumes here as podman has them.</summary>
[Cmdlet(VerbsData.Import, "PodmanVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class ImportPodmanVolumeCommand : PodmanImportCmdlet
{
    /// <summary>Copies the files with owners and attributes; without it the new volume is empty.</summary>
    [Parameter]
    public SwitchParameter CopyData { get; set; }

    private protected override string Action => CopyData ? "Import podman's volume with its files" : "Import podman's volume, without its files";

    private protected override IAsyncEnumerable<PodmanImportResult> ImportAsync(PodmanImportRequest request) =>
        Engine.ImportPodmanVolumesAsync(request with { CopyData = CopyData }, Cancellation);
}
