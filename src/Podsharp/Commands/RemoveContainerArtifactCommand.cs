using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerArtifact: removes artifacts from the local store.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerArtifact", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerArtifactCommand : NamedCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, digests or the beginning of digests.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true)]
    [Alias("Artifact", "Digest")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Artifacts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerArtifact[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        foreach (var artifact in InputObject)
            Accept(artifact.Name.Length > 0 ? artifact.Name : artifact.Digest, artifact);
        AcceptNames(Name);
    }

    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(target.ToString(), "Remove artifact"))
            Run(target, () => Engine.RemoveArtifactAsync(name, Cancellation));
    }

    private protected override async IAsyncEnumerable<string> AllAsync()
    {
        await foreach (var artifact in Engine.ListArtifactsAsync(Cancellation))
            yield return artifact.Name;
    }
}
