using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerVolume: whether there is a volume.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerVolume")]
[OutputType(typeof(bool))]
public sealed class TestContainerVolumeCommand : EngineCmdlet
{
    /// <summary>Whole names, or wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Volume")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    public string[] Name { get; set; } = [];

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        var pattern = WildcardPattern.ContainsWildcardCharacters(name) ? WildcardPattern.Get(name, WildcardOptions.IgnoreCase) : null;
        await foreach (var volume in Engine.ListVolumesAsync(new(), Cancellation))
            if (pattern?.IsMatch(volume.Name) ?? volume.Name == name)
                return true;
        return false;
    }
}
