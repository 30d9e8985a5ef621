using System.Runtime.CompilerServices;
using Podsharp.Engine.Build;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Building images.</content>
internal sealed partial class LocalContainerEngine
{
    public async IAsyncEnumerable<ImageBuildProgress> BuildImageAsync(ImageBuildRequest request, Stream? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var progress in ProgressSequence.Of<ImageBuildProgress>((output, stop) => new PlatformBuilds(parts).BuildAsync(request, context, output, stop), cancellationToken))
        {
            if (progress.Image is { } image)
                Log("build", image.Id, image.Names.FirstOrDefault() ?? "");
            if (progress.List is { } list)
                Log("build", list.Id, list.Names.FirstOrDefault() ?? "");
            yield return progress;
        }
    }
}
