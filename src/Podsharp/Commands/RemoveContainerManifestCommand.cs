using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerManifest: removes lists of images; their images stay.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerManifest", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveContainerManifestCommand : NamedCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards or ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Manifest")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Lists.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerManifest[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == ObjectSet)
            foreach (var manifest in InputObject)
                Accept(manifest is { Names: [var only] } ? only : manifest.Id, manifest);
        else
            AcceptNames(Name);
    }

    private protected override void Accept(string name, object target)
    {
        if (ShouldProcess(target.ToString(), "Remove list of images"))
            Run(target, () => Engine.RemoveManifestAsync(name, Cancellation));
    }

    private protected override async IAsyncEnumerable<string> AllAsync()
    {
        await foreach (var manifest in Engine.ListManifestsAsync(Cancellation))
            foreach (var name in manifest.Names)
                yield return name;
    }
}
