using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Import-PodmanContainer: defines containers here as podman has them.</summary>
[Cmdlet(VerbsData.Import, "PodmanContainer", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ImportPodmanContainerCommand : PodmanImportCmdlet
{
    private protected override string Action => "Import podman's container";

    private protected override IAsyncEnumerable<PodmanImportResult> ImportAsync(PodmanImportRequest request) =>
        Engine.ImportPodmanContainersAsync(request, Cancellation);
}
