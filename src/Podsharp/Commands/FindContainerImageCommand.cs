using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Find-ContainerImage: looks for images in registries.</summary>
[Cmdlet(VerbsCommon.Find, "ContainerImage")]
[OutputType(typeof(ImageSearchResult))]
[Alias("Search-ContainerImage")]
public sealed class FindContainerImageCommand : RegistryCmdlet
{
    /// <summary>A part of a name, after a registry and a slash, or without: then the registries are searched that registries.conf names.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Term")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Lists the tags of the repository that the name is; without -First all of them.</summary>
    [Parameter]
    [Alias("ListTag")]
    public SwitchParameter Tag { get; set; }

    /// <summary>How many results at most from each registry.</summary>
    [Parameter]
    [Alias("Limit")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 25;

    /// <summary>Only those with so many stars at least.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Stars { get; set; }

    /// <summary>Only official ones.</summary>
    [Parameter]
    public SwitchParameter Official { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, () => FindAsync(name));
    }

    private async Task FindAsync(string name)
    {
        var limit = Tag && !MyInvocation.BoundParameters.ContainsKey(nameof(First)) ? int.MaxValue : First;
        var request = new ImageSearchRequest { Term = name, ListTags = Tag, Limit = limit, Stars = Stars, Official = Official ? true : null, Registry = BuildRegistryOptions() };
        await foreach (var found in Engine.SearchImagesAsync(request, Cancellation))
            await EmitAsync(found);
    }
}
