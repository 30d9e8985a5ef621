using Podsharp.Cli.Interactive;
using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Pulls an image and shows how far it is, on standard error.</summary>
internal static class PullView
{
    /// <summary>Makes sure that a container's image is there, as its pull policy says.</summary>
    internal static async Task EnsureAsync(CommandContext context, ContainerSpec spec, bool quiet)
    {
        if (spec.PullPolicy == PullPolicy.Never)
            return;
        if (spec.PullPolicy == PullPolicy.Missing && spec.Platform is null && await context.Engine.ImageExistsAsync(spec.Image, context.Cancelled))
            return;
        await PullAsync(context, new()
        {
            Reference = spec.Image,
            Policy = spec.PullPolicy,
            Platform = spec.Platform,
            Registry = spec.Registry,
        }, quiet);
    }

    /// <summary>Pulls.</summary>
    /// <param name="context">The command.</param>
    /// <param name="request">What to pull.</param>
    /// <param name="quiet">Shows nothing.</param>
    /// <param name="fetched">Told each image as it is there: with all tags there are several.</param>
    internal static async Task<ContainerImage> PullAsync(CommandContext context, ImagePullRequest request, bool quiet, Action<ContainerImage>? fetched = null)
    {
        ContainerImage? image = null;
        request = await ChooseAsync(context, request);
        using var view = new LayerLines(context, quiet);
        await foreach (var step in context.Engine.PullImageAsync(request, context.Cancelled))
        {
            Show(view, step);
            if (step.Image is null)
                continue;
            image = step.Image;
            fetched?.Invoke(image);
        }
        return image ?? throw new ContainerEngineException(ErrorKind.Internal, "PullIncomplete", $"the pull of {request.Reference} ended without an image", request.Reference);
    }

    /// <summary>Loads images from an archive.</summary>
    /// <returns>The images, once for each name they were given.</returns>
    internal static async Task<IReadOnlyList<ImagePullProgress>> LoadAsync(CommandContext context, Stream archive, ImageLoadRequest request, bool quiet)
    {
        var loaded = new List<ImagePullProgress>();
        using var view = new LayerLines(context, quiet);
        await foreach (var step in context.Engine.LoadImagesAsync(archive, request, context.Cancelled))
        {
            Show(view, step);
            if (step.Image is not null)
                loaded.Add(step);
        }
        return loaded;
    }

    /// <summary>Asks the person at the terminal which of several images is meant.</summary>
    private static async Task<ImagePullRequest> ChooseAsync(CommandContext context, ImagePullRequest request)
    {
        if (!Prompt.IsPossible || request.Policy == PullPolicy.Never)
            return request;
        var names = await context.Engine.ResolveImageNameAsync(request.Reference, context.Cancelled);
        if (!names.MayBeChosen)
            return request;
        var chosen = await Prompt.ChooseAsync(context, "Please select an image:", names.Candidates);
        return request with { Reference = chosen, ChosenFor = request.Reference };
    }

    /// <summary>Shows a record.</summary>
    internal static void Show(LayerLines view, ImagePullProgress step)
    {
        switch (step.Stage)
        {
            case ImagePullStage.Resolving:
                view.Line(step.Message ?? $"Trying to pull {step.Reference}...");
                break;
            case ImagePullStage.Retrying:
                view.Line(step.Message ?? "Trying again");
                break;
            case ImagePullStage.LayerExists:
                view.Settled(step.BlobDigest, "skipped: already exists");
                break;
            case ImagePullStage.Downloading:
                view.Moving(step.BlobDigest, LayerLines.Amount(step.Current, step.Total));
                break;
            case ImagePullStage.LayerDone:
                view.Done(step.BlobDigest);
                break;
            default:
                view.Draw();
                break;
        }
    }
}
