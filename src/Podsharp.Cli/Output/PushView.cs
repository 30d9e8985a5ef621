using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Pushes an image and shows how far it is, on standard error.</summary>
internal static class PushView
{
    /// <summary>Pushes.</summary>
    internal static async Task<ImagePushResult> PushAsync(CommandContext context, ImagePushRequest request, bool quiet)
    {
        ImagePushResult? result = null;
        using var view = new LayerLines(context, quiet);
        await foreach (var step in context.Engine.PushImageAsync(request, context.Cancelled))
        {
            Show(view, step);
            result = step.Result ?? result;
        }
        return result ?? throw new ContainerEngineException(ErrorKind.Internal, "PushIncomplete", $"the push of {request.Image} ended without a result", request.Image);
    }

    private static void Show(LayerLines view, ImagePushProgress step)
    {
        switch (step.Stage)
        {
            case ImagePushStage.Preparing:
                view.Line($"Pushing to {step.Destination}...");
                break;
            case ImagePushStage.LayerExists:
                view.Settled(step.LayerDigest, "skipped: already exists");
                break;
            case ImagePushStage.LayerMounted:
                view.Settled(step.LayerDigest, "skipped: another repository of the registry has it");
                break;
            case ImagePushStage.Uploading:
                view.Moving(step.LayerDigest, LayerLines.Amount(step.Current, 0));
                break;
            case ImagePushStage.LayerDone:
                view.Done(step.LayerDigest);
                break;
            case ImagePushStage.Configuration:
                view.Line($"Copying config {step.Message}");
                break;
            case ImagePushStage.Manifest:
                view.Line("Writing manifest to image destination");
                break;
            case ImagePushStage.Signing:
                view.Line("Storing signatures");
                break;
            case ImagePushStage.Retrying:
                view.Line(step.Message ?? "Trying again");
                break;
            default:
                view.Draw();
                break;
        }
    }
}
