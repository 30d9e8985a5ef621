using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerImage: whether an image is in local storage.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerImage")]
[OutputType(typeof(bool))]
public sealed class TestContainerImageCommand : EngineCmdlet
{
    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Reference", "Image")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
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
            return await Engine.ImageExistsAsync(name, Cancellation);
        WildcardPattern[] pattern = [WildcardPattern.Get(name, WildcardOptions.IgnoreCase)];
        await foreach (var image in Engine.ListImagesAsync(new ImageQuery { All = true }, Cancellation))
            if (ImageCmdlet.Matches(image, pattern))
                return true;
        return false;
    }
}
