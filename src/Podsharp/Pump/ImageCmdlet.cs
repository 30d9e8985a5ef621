using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Views;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on local images named by name, wildcard, id or object.</summary>
public abstract class ImageCmdlet : ThrottledCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Image", "Reference")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ImageId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Images.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage[]? InputObject { get; set; }

    /// <summary>Called for each image on the pipeline thread: ask ShouldProcess, then hand the work to Run.</summary>
    private protected abstract void Accept(ImageTarget target);

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        foreach (var image in InputObject ?? [])
            Accept(ImageTarget.Of(image));
        foreach (var id in Id ?? [])
            Accept(new ImageTarget(id, id));
        var patterns = new List<WildcardPattern>();
        foreach (var name in Name ?? [])
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
            else
                Accept(new ImageTarget(name, name));
        }
        if (patterns.Count > 0)
            Run(target: null, () => ExpandAsync(patterns));
    }

    /// <summary>Whether a pattern fits one of an image's names, in any of the forms people write.</summary>
    internal static bool Matches(ContainerImage image, IEnumerable<WildcardPattern> patterns) =>
        patterns.Any(pattern => image.Names.Any(name => ImageNames.Forms(name).Any(pattern.IsMatch)));

    private async Task ExpandAsync(List<WildcardPattern> patterns)
    {
        await foreach (var image in Engine.ListImagesAsync(new ImageQuery { All = true }, Cancellation))
            if (Matches(image, patterns))
                await OnPipelineAsync(() => Accept(ImageTarget.Of(image)));
    }
}
