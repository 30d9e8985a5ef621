using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Submit-ContainerArtifact: pushes artifacts to registries.</summary>
[Cmdlet(VerbsLifecycle.Submit, "ContainerArtifact", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImagePushResult))]
[Alias("Push-ContainerArtifact")]
public sealed class SubmitContainerArtifactCommand : RegistryCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Local artifacts: names, digests or the beginning of digests.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Artifact")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Artifacts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerArtifact[] InputObject { get; set; } = [];

    /// <summary>The name at the registry; the artifact's own if it isn't given. With several artifacts a script block makes one of each.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    // An artifact's files go in parallel already.
    private protected override int Parallelism =>
        MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? ThrottleLimit : 3;

    private protected override void AcceptRecord()
    {
        foreach (var artifact in InputObject)
            Accept(artifact.Name.Length > 0 ? artifact.Name : artifact.Digest, artifact);
        foreach (var name in Name)
            Accept(name, name);
    }

    private void Accept(string name, object target)
    {
        var request = new ArtifactPushRequest { Artifact = name, Destination = Destination, Registry = BuildRegistryOptions() };
        if (ShouldProcess(name, $"Push artifact to {Destination ?? "the registry of its name"}"))
            Run(target, () => PushAsync(request));
    }

    private async Task PushAsync(ArtifactPushRequest request)
    {
        ImageCopyResult? result = null;
        await ShowLayersAsync($"Pushing {request.Artifact}", Engine.PushArtifactAsync(request, Cancellation), step =>
        {
            result = step.Result ?? result;
            return ValueTask.FromResult(step.Stage == ImageCopyStage.Done ? null : LayerStep.Of(step));
        });
        if (result is not null)
            await EmitAsync(new ImagePushResult(result.Digest[(result.Digest.IndexOf(':') + 1)..], result.Destination, result.Digest));
    }
}
