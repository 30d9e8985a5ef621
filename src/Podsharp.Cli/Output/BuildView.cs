using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Shows how a build goes on, in podman's words.</summary>
/// <param name="context">The command.</param>
/// <param name="request">What is built.</param>
/// <param name="quiet">Shows the image's id alone.</param>
internal sealed class BuildView(CommandContext context, ImageBuildRequest request, bool quiet) : IDisposable
{
    private const int ShortId = 12;
    private readonly LayerLines pulls = new(context, quiet);

    /// <summary>Shows a record.</summary>
    internal void Show(ImageBuildProgress progress)
    {
        if (progress.Image is { } image)
        {
            Done(image);
            return;
        }
        if (progress.Stage == ImageBuildStage.Warning)
        {
            context.Error.WriteLine($"[Warning] {progress.Text}");
            return;
        }
        if (quiet)
            return;
        var place = progress.StageCount > 1 ? $"[{progress.StageNumber}/{progress.StageCount}] " : "";
        switch (progress.Stage)
        {
            case ImageBuildStage.Step:
                context.Out.WriteLine($"{place}STEP {progress.Step}/{progress.StepCount}: {progress.Text}");
                break;
            case ImageBuildStage.Output:
                (progress.IsError ? context.Error : context.Out).Write(progress.Output);
                break;
            case ImageBuildStage.Cached:
                context.Out.WriteLine($"{place}--> Using cache {progress.ImageId}");
                context.Out.WriteLine($"{place}--> {progress.ImageId![..ShortId]}");
                break;
            case ImageBuildStage.Committed:
                context.Out.WriteLine($"{place}--> {progress.ImageId![..ShortId]}");
                break;
            case ImageBuildStage.Pulling:
                PullView.Show(pulls, progress.Pull!);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => pulls.Dispose();

    // Full names have the tag, and the registry that a short one lacks.
    private static bool IsMeant(string full, string name) => $"/{full}".EndsWith($"/{name}", StringComparison.Ordinal) || $"/{full}".EndsWith($"/{name}:latest", StringComparison.Ordinal);

    private void Done(ContainerImage image)
    {
        if (!quiet)
        {
            context.Out.WriteLine($"COMMIT{(request.Names.Count > 0 ? " " + request.Names[0] : "")}");
            context.Out.WriteLine($"--> {image.Id[..ShortId]}");
            foreach (var name in request.Names)
                context.Out.WriteLine($"Successfully tagged {image.Names.FirstOrDefault(full => IsMeant(full, name)) ?? name}");
        }
        context.Out.WriteLine(image.Id);
    }
}
