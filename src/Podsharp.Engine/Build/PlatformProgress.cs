using System.Threading.Channels;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>Says of what a build tells for which platform it is, and keeps its last record back: who builds for several tells them in order.</summary>
/// <param name="output">Gets what is told.</param>
/// <param name="platform">The platform.</param>
/// <param name="told">Warnings that were told already, perhaps for another platform.</param>
internal sealed class PlatformProgress(ChannelWriter<ImageBuildProgress> output, ImagePlatform platform, HashSet<string> told) : ChannelWriter<ImageBuildProgress>
{
    /// <summary>The last record; null as long as the build goes on.</summary>
    internal ImageBuildProgress? Done { get; private set; }

    /// <inheritdoc/>
    public override bool TryWrite(ImageBuildProgress item)
    {
        item = item with { Platform = platform };
        if (item.Stage == ImageBuildStage.Done)
        {
            Done = item;
            return true;
        }
        if (item.Stage == ImageBuildStage.Warning)
        {
            lock (told)
            {
                if (!told.Add(item.Text))
                    return true;
            }
        }
        return output.TryWrite(item);
    }

    /// <inheritdoc/>
    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => output.WaitToWriteAsync(cancellationToken);
}
