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
        using var own = WithOptions(request);
        await foreach (var progress in ProgressSequence.Of<ImageBuildProgress>((output, stop) => new PlatformBuilds(own ?? parts).BuildAsync(request, context, output, stop), cancellationToken))
        {
            if (progress.Image is { } image)
                Log("build", image.Id, image.Names.FirstOrDefault() ?? "");
            if (progress.List is { } list)
                Log("build", list.Id, list.Names.FirstOrDefault() ?? "");
            yield return progress;
        }
    }

    // Hooks, CDI directories and the runtime's options are the engine's, and so are its containers': a build with others of them has an engine of its own.
    private EngineParts? WithOptions(ImageBuildRequest request) => request is { RuntimeFlags.Count: 0, HookDirectories.Count: 0, CdiDirectories.Count: 0 } ? null
        : new(parts.Options with
        {
            RuntimeFlags = [.. parts.Options.RuntimeFlags, .. request.RuntimeFlags],
            HookDirectories = request.HookDirectories.Count > 0 ? request.HookDirectories : parts.Options.HookDirectories,
            CdiDirectories = request.CdiDirectories.Count > 0 ? request.CdiDirectories : parts.Options.CdiDirectories,
        });
}
