using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Request-ContainerArtifact: pulls artifacts from registries.</summary>
[Cmdlet(VerbsLifecycle.Request, "ContainerArtifact", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerArtifact))]
[Alias("Pull-ContainerArtifact")]
public sealed class RequestContainerArtifactCommand : RegistryCmdlet
{
    /// <summary>Names at registries, with tag or digest.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Artifact", "Reference")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string[] Name { get; set; } = [];

    // An artifact's files come in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
        {
            var request = new ArtifactPullRequest { Name = name, Registry = BuildRegistryOptions() };
            if (ShouldProcess(name, "Pull artifact"))
                Run(name, () => PullAsync(request));
        }
    }

    private async Task PullAsync(ArtifactPullRequest request)
    {
        await ShowLayersAsync($"Pulling {request.Name}", Engine.PullArtifactAsync(request, Cancellation),
            step => ValueTask.FromResult(step.Stage == ImageCopyStage.Done ? null : LayerStep.Of(step)));
        await EmitAsync((await Engine.InspectArtifactAsync(request.Name, Cancellation)).Artifact);
    }
}
