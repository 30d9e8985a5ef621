using System.Threading.Channels;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Synchronising;

/// <summary>Copies whole sets of images, one after the other; layers of one image go in parallel already.</summary>
internal sealed class ImageSynchroniser(ImageCopier copier, ConfigurationEnvironment environment, ContainersConf configuration)
{
    /// <summary>Copies a set.</summary>
    /// <exception cref="ContainerEngineException">What the first failure raises, unless it is to go on.</exception>
    internal IAsyncEnumerable<ImageSyncProgress> RunAsync(ImageSyncRequest request, CancellationToken cancellationToken) =>
        ProgressSequence.Of<ImageSyncProgress>((output, stop) => RunAsync(request, output, stop), cancellationToken);

    private async Task RunAsync(ImageSyncRequest request, ChannelWriter<ImageSyncProgress> output, CancellationToken cancellationToken)
    {
        var copies = await new SyncPlan(request, new RegistryAccess(environment, configuration, RegistriesConf.Load(environment))).MakeAsync(cancellationToken);
        for (var i = 0; i < copies.Count; i++)
        {
            var step = new ImageSyncProgress { Source = copies[i].Source, Destination = copies[i].Destination, Number = i + 1, Count = copies.Count };
            if (request.DryRun)
            {
                output.TryWrite(step with { Stage = ImageSyncStage.Planned });
                continue;
            }
            try
            {
                await CopyAsync(copies[i], step, output, cancellationToken);
            }
            catch (ContainerEngineException error) when (request.KeepGoing)
            {
                output.TryWrite(step with { Stage = ImageSyncStage.Failed, Message = error.Message });
            }
        }
    }

    private async Task CopyAsync(ImageCopyRequest copy, ImageSyncProgress step, ChannelWriter<ImageSyncProgress> output, CancellationToken cancellationToken)
    {
        output.TryWrite(step with { Stage = ImageSyncStage.Copying });
        if (copy.Format is null && await copier.IsThereAsync(copy, cancellationToken))
        {
            output.TryWrite(step with { Stage = ImageSyncStage.Skipped });
            return;
        }
        await foreach (var progress in copier.CopyAsync(copy, cancellationToken))
        {
            output.TryWrite(progress.Result is { } result ? step with { Stage = ImageSyncStage.Copied, Result = result } : step with { Stage = ImageSyncStage.Copying, Step = progress });
        }
    }
}
