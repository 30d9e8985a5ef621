using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerImageTag: takes names from images; the images stay.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImageTag", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
[Alias("Untag-ContainerImage")]
public sealed class RemoveContainerImageTagCommand : ThrottledCmdlet
{
    /// <summary>The names to take away; wildcards. All names of the piped images when not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name", "Reference")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>The images.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerImage? InputObject { get; set; }

    private protected override void AcceptRecord()
    {
        if (InputObject is not null)
            Accept(InputObject, [.. InputObject.Names.Where(IsWanted)]);
        else if (Tag is not null)
            Run(target: null, FindAsync);
        else
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("no name is given", null,
                "write Remove-ContainerImageTag NAME, or pipe images in"), null));
    }

    private bool IsWanted(string name) => !MyInvocation.BoundParameters.ContainsKey(nameof(Tag)) || Tag is null
        || Tag.Any(tag => ImageNames.Forms(name).Any(WildcardPattern.Get(tag, WildcardOptions.IgnoreCase).IsMatch));

    // Names without wildcards are the engine's to resolve, so that it says what is wrong with one.
    private async Task FindAsync()
    {
        foreach (var name in Tag!.Where(tag => !WildcardPattern.ContainsWildcardCharacters(tag)))
            await OnPipelineAsync(() =>
            {
                if (ShouldProcess(name, "Remove name"))
                    Run(name, async () => await EmitAsync(await Engine.UntagImageAsync(name, [name], Cancellation)));
            });
        var patterns = Tag!.Where(tag => WildcardPattern.ContainsWildcardCharacters(tag)).Select(tag => WildcardPattern.Get(tag, WildcardOptions.IgnoreCase)).ToList();
        if (patterns.Count == 0)
            return;
        await foreach (var image in Engine.ListImagesAsync(new ImageQuery { All = true }, Cancellation))
        {
            List<string> names = [.. image.Names.Where(name => patterns.Exists(pattern => ImageNames.Forms(name).Any(pattern.IsMatch)))];
            await OnPipelineAsync(() => Accept(image, names));
        }
    }

    private void Accept(ContainerImage image, List<string> names)
    {
        var confirmed = names.Where(name => ShouldProcess(name, "Remove name")).ToList();
        if (confirmed.Count > 0)
            Run(image, async () => await EmitAsync(await Engine.UntagImageAsync(image.Id, confirmed, Cancellation)));
    }
}
