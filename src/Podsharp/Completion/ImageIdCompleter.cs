using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes ids of local images, in their short form.</summary>
public sealed class ImageIdCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var image in engine.ListImagesAsync(new ImageQuery(), cancellationToken))
            if (Fits(image.ShortId, word))
                yield return Result(image.ShortId, image.ToString());
    }
}
