using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerManifest: lists of images for several platforms.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerManifest")]
[OutputType(typeof(ContainerManifest))]
public sealed class GetContainerManifestCommand : RegistryCmdlet
{
    /// <summary>Names, wildcards or ids; all local lists when not given. A list that isn't in local storage is read at its registry.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Reference", "Manifest")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ManifestCompleter))]
    public string[] Name { get; set; } = [];

    private protected override void AcceptRecord()
    {
        if (Name.Length == 0)
            Run(target: null, () => ListAsync(pattern: null));
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                Run(name, () => ListAsync(WildcardPattern.Get(name, WildcardOptions.IgnoreCase)));
            else
                Run(name, async () => await EmitAsync(await Engine.InspectManifestAsync(name, BuildRegistryOptions(), Cancellation)));
        }
    }

    private async Task ListAsync(WildcardPattern? pattern)
    {
        await foreach (var manifest in Engine.ListManifestsAsync(Cancellation))
            if (pattern is null || manifest.Names.Any(name => Views.ImageNames.Forms(name).Any(pattern.IsMatch)))
                await EmitAsync(manifest);
    }
}
