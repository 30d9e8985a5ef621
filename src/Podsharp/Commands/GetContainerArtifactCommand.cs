using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerArtifact: the OCI artifacts of the local store, or those about an image at a registry.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerArtifact", DefaultParameterSetName = ListSet)]
[OutputType(typeof(ContainerArtifact), ParameterSetName = [ListSet])]
[OutputType(typeof(ContainerArtifactDetail), ParameterSetName = [DetailSet])]
[OutputType(typeof(ContainerArtifactReferrer), ParameterSetName = [SubjectSet])]
public sealed class GetContainerArtifactCommand : RegistryCmdlet
{
    private const string ListSet = "List";
    private const string DetailSet = "Detailed";
    private const string SubjectSet = "Subject";

    /// <summary>Names, wildcards, digests or the beginning of digests; all when not given.</summary>
    [Parameter(Position = 0, ParameterSetName = ListSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = DetailSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Artifact", "Digest")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ArtifactCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Everything about each, as ContainerArtifactDetail objects: the manifest with all files.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DetailSet)]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Images at registries, by their names there: the artifacts about them are listed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SubjectSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Subject { get; set; } = [];

    /// <summary>Only artifacts of this kind, a media type.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Type { get; set; }

    private protected override void AcceptRecord()
    {
        if (ParameterSetName == SubjectSet)
            foreach (var subject in Subject)
                Run(subject, () => ReferrersAsync(subject));
        else if (Name.Length == 0)
            Run(target: null, () => ListAsync(_ => true));
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                Run(name, () => ListAsync(artifact => pattern.IsMatch(artifact.Name)));
            }
            else
                Run(name, async () => await SendAsync((await Engine.InspectArtifactAsync(name, Cancellation))));
        }
    }

    private async Task ReferrersAsync(string subject)
    {
        var query = new ArtifactReferrerQuery { Subject = subject, Type = Type, Registry = BuildRegistryOptions() };
        await foreach (var referrer in Engine.ListArtifactReferrersAsync(query, Cancellation))
            await EmitAsync(referrer);
    }

    private async Task ListAsync(Func<ContainerArtifact, bool> fits)
    {
        await foreach (var artifact in Engine.ListArtifactsAsync(Cancellation))
        {
            if (!fits(artifact) || (Type is not null && artifact.Type != Type))
                continue;
            if (Detailed)
                await EmitAsync(await Engine.InspectArtifactAsync(artifact.Name.Length > 0 ? artifact.Name : artifact.Digest, Cancellation));
            else
                await EmitAsync(artifact);
        }
    }

    private async Task SendAsync(ContainerArtifactDetail artifact)
    {
        if (Type is not null && artifact.Artifact.Type != Type)
            return;
        if (Detailed)
            await EmitAsync(artifact);
        else
            await EmitAsync(artifact.Artifact);
    }
}
