using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerManifest: whether a list of images is in local storage.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerManifest")]
[OutputType(typeof(bool))]
public sealed class TestContainerManifestCommand : EngineCmdlet
{
    /// <summary>Names, wildcards or ids. An image of that name is no list.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Reference", "Manifest")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string[] Name { get; set; } = [];

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
        {
            try
            {
                return await Engine.ManifestExistsAsync(name, Cancellation);
            }
            catch (ContainerEngineException error) when (error.ErrorId == "NotAManifestList")
            {
                return false;
            }
        }
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        await foreach (var manifest in Engine.ListManifestsAsync(Cancellation))
            if (manifest.Names.Any(full => Views.ImageNames.Forms(full).Any(pattern.IsMatch)))
                return true;
        return false;
    }
}
