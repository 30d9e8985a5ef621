using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerImage: the images in local storage.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImage", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ContainerImage))]
[OutputType(typeof(ContainerImageDetail))]
[OutputType(typeof(RemoteContainerImage), ParameterSetName = [RemoteSet])]
public sealed partial class GetContainerImageCommand : LookupCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = RemoteSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference", "Image")]
    [SupportsWildcards]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Images to read again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>Also the unnamed images that others are built on.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Only those without a name.</summary>
    [Parameter]
    public SwitchParameter Dangling { get; set; }

    /// <summary>Everything about each, as ContainerImageDetail objects.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void AcceptRecord()
    {
        if (Remote)
        {
            InspectRemote();
            return;
        }
        string[] wanted = InputObject is not null ? [.. InputObject.Select(image => image.Id)] : Id ?? Name ?? [];
        Run(target: null, () => LookUpAsync(wanted));
    }

    private protected override async Task FindAsync(string nameOrId)
    {
        if (await ListAsync(Query() with { NamesOrIds = [nameOrId] }, _ => true) == 0 && !IsFiltered)
            throw EngineErrors.ImageNotFound(nameOrId);
    }

    private protected override Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns) =>
        ListAsync(Query(), image => patterns.Count == 0 || ImageCmdlet.Matches(image, patterns));

    private async Task<int> ListAsync(ImageQuery query, Func<ContainerImage, bool> matches)
    {
        var found = 0;
        await foreach (var image in Engine.ListImagesAsync(query, Cancellation))
            if (matches(image))
            {
                found++;
                await EmitAsync(Detailed ? await Engine.InspectImageAsync(image.Id, Cancellation) : image);
            }
        return found;
    }

    private bool IsFiltered => Label is not null || Filter is not null || Dangling;

    private ImageQuery Query()
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(Filters.Read(Filter, Label));
        if (Dangling)
            filters["dangling"] = ["true"];
        return new ImageQuery { All = All, Filters = filters };
    }
}
