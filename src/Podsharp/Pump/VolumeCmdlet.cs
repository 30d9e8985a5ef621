using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on volumes named by name, wildcard or object.</summary>
public abstract class VolumeCmdlet : NamedCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string ObjectSet = "InputObject";

    /// <summary>Names or wildcards; also the beginning of a name.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Volume")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Volumes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerVolume[] InputObject { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == ObjectSet)
            foreach (var volume in InputObject)
                Accept(volume.Name, volume);
        else
            AcceptNames(Name);
    }

    private protected override async IAsyncEnumerable<string> AllAsync()
    {
        await foreach (var volume in Engine.ListVolumesAsync(new(), Cancellation))
            yield return volume.Name;
    }
}
