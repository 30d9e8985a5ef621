using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Copies an image and shows how far it is, on standard error.</summary>
internal static class CopyView
{
    /// <summary>Copies.</summary>
    internal static Task<ImageCopyResult> CopyAsync(CommandContext context, ImageCopyRequest request, bool quiet) =>
        ShowAsync(context, context.Engine.CopyImageAsync(request, context.Cancelled), request.Source, quiet);

    /// <summary>Shows the steps of a copy.</summary>
    internal static async Task<ImageCopyResult> ShowAsync(CommandContext context, IAsyncEnumerable<ImageCopyProgress> steps, string source, bool quiet)
    {
        ImageCopyResult? result = null;
        using var view = new LayerLines(context, quiet);
        await foreach (var step in steps)
        {
            Show(view, step);
            result = step.Result ?? result;
        }
        return result ?? throw new ContainerEngineException(ErrorKind.Internal, "CopyIncomplete", $"the copy of {source} ended without a result", source);
    }

    private static void Show(LayerLines view, ImageCopyProgress step)
    {
        switch (step.Stage)
        {
            case ImageCopyStage.Image:
                view.Line($"Copying image {step.Message}");
                break;
            case ImageCopyStage.BlobExists:
                view.Settled(step.BlobDigest, "skipped: already exists");
                break;
            case ImageCopyStage.BlobMounted:
                view.Settled(step.BlobDigest, "skipped: another repository of the registry has it");
                break;
            case ImageCopyStage.Copying:
                view.Moving(step.BlobDigest, LayerLines.Amount(step.Current, step.Total));
                break;
            case ImageCopyStage.BlobDone:
                view.Done(step.BlobDigest);
                break;
            case ImageCopyStage.Configuration:
                view.Line($"Copying config {step.Message}");
                break;
            case ImageCopyStage.Manifest:
                view.Line("Writing manifest to image destination");
                break;
            case ImageCopyStage.List:
                view.Line("Writing manifest list to image destination");
                break;
            case ImageCopyStage.Retrying:
                view.Line(step.Message ?? "Trying again");
                break;
            default:
                view.Draw();
                break;
        }
    }
}
