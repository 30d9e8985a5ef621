using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;
using Podsharp.Views;

namespace Podsharp.Completion;

/// <summary>Completes names of local images, in their familiar and their full form.</summary>
public sealed class ImageNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in engine.ListImagesAsync(new ImageQuery(), cancellationToken))
            foreach (var name in image.Names)
            {
                var familiar = ImageNames.Familiar(name);
                if (Fits(familiar, word))
                    yield return Result(familiar, $"{name} {image.ShortId}");
                else if (Fits(name, word))
                    yield return Result(name, $"{name} {image.ShortId}");
            }
    }
}
