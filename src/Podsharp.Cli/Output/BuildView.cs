using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Shows how a build goes on, in podman's words.</summary>
/// <param name="context">The command.</param>
/// <param name="request">What is built.</param>
/// <param name="quiet">Shows the image's id alone.</param>
/// <param name="output">Gets all but the image's id; errors, too, where it isn't standard output.</param>
/// <param name="results">Gets the image's id.</param>
internal sealed class BuildView(CommandContext context, ImageBuildRequest request, bool quiet, TextOutput output, TextOutput results) : IDisposable
{
    private const int ShortId = 12;
    private readonly LayerLines pulls = new(context, quiet);
    private readonly TextOutput errors = output == context.Out ? context.Error : output;
    private readonly bool isMany = request.Platforms.Count > 1 || request.AllPlatforms;

    /// <summary>Shows a record, at once: a step may take long.</summary>
    internal void Show(ImageBuildProgress progress)
    {
        ShowOne(progress);
        output.Flush();
        errors.Flush();
    }

    private void ShowOne(ImageBuildProgress progress)
    {
        if (progress.Image is { } image)
        {
            Done(image, progress.Platform);
            return;
        }
        if (progress.List is { } list)
        {
            Listed(list);
            return;
        }
        if (progress.Stage == ImageBuildStage.Warning)
        {
            errors.WriteLine($"[Warning] {progress.Text}");
            return;
        }
        if (quiet)
            return;
        var place = Prefix(progress.Platform) + (progress.StageCount > 1 ? $"[{progress.StageNumber}/{progress.StageCount}] " : "");
        switch (progress.Stage)
        {
            case ImageBuildStage.Step:
                output.WriteLine($"{place}STEP {progress.Step}/{progress.StepCount}: {progress.Text}");
                break;
            case ImageBuildStage.Output:
                (progress.IsError ? errors : output).Write(progress.Output);
                break;
            case ImageBuildStage.Cached:
                output.WriteLine($"{place}--> Using cache {progress.ImageId}");
                output.WriteLine($"{place}--> {progress.ImageId![..ShortId]}");
                break;
            case ImageBuildStage.Committed:
                output.WriteLine($"{place}--> {progress.ImageId![..ShortId]}");
                break;
            case ImageBuildStage.CachePulled:
                output.WriteLine($"{place}--> Cache pulled from remote {progress.Text}");
                break;
            case ImageBuildStage.CachePushed:
                output.WriteLine($"{place}--> Pushing cache {progress.Text}");
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

    private string Prefix(ImagePlatform? platform) => isMany && platform is not null ? $"[{platform}] " : "";

    // The names of a build for several platforms are the list's.
    private void Listed(ContainerManifest list)
    {
        foreach (var name in quiet || !isMany ? [] : list.Names)
            output.WriteLine($"Successfully tagged {name}");
    }

    private void Done(ContainerImage image, ImagePlatform? platform)
    {
        if (!quiet)
        {
            output.WriteLine($"{Prefix(platform)}COMMIT{(request.Names.Count > 0 && !isMany ? " " + request.Names[0] : "")}");
            output.WriteLine($"--> {image.Id[..ShortId]}");
            foreach (var name in isMany ? [] : request.Names)
                output.WriteLine($"Successfully tagged {image.Names.FirstOrDefault(full => IsMeant(full, name)) ?? name}");
        }
        results.WriteLine(image.Id);
        results.Flush();
    }
}
