using Podsharp.Cli.Commands;
using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Shows a build: all of it at one place, or in a log for each platform (<c>--logsplit</c>).</summary>
internal sealed class BuildViews : IDisposable
{
    private readonly CommandContext context;
    private readonly ImageBuildRequest request;
    private readonly Dictionary<ImagePlatform, (BuildView View, FileStream Log)> split = [];
    private readonly BuildView whole;
    private readonly bool isSplit;

    /// <summary>Prepares it.</summary>
    /// <param name="context">The command.</param>
    /// <param name="request">What is built.</param>
    /// <param name="log">The log; null for none.</param>
    /// <param name="results">Gets the images' ids, and all else where there is no log.</param>
    internal BuildViews(CommandContext context, ImageBuildRequest request, FileStream? log, TextOutput results)
    {
        (this.context, this.request) = (context, request);
        isSplit = context.Line.Flag("logsplit");
        whole = new BuildView(context, request, context.Line.Flag("quiet"), log is null ? results : new TextOutput(log), results);
    }

    /// <summary>Shows a record.</summary>
    internal void Show(ImageBuildProgress progress)
    {
        if (!isSplit || progress.Platform is not { } platform)
        {
            whole.Show(progress);
            return;
        }
        if (!split.TryGetValue(platform, out var place))
        {
            var log = BuildCommands.OpenLog(context, $"{context.Line.Text("logfile")}_{platform.ToString().Replace('/', '_')}");
            var output = new TextOutput(log);
            split[platform] = place = (new BuildView(context, request, context.Line.Flag("quiet"), output, output), log);
        }
        place.View.Show(progress);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        whole.Dispose();
        foreach (var (view, log) in split.Values)
        {
            view.Dispose();
            log.Dispose();
        }
    }
}
