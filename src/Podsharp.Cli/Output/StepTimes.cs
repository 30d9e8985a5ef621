using System.Diagnostics;
using System.Globalization;
using Podsharp.Cli.Commands;
using Podsharp.Model;

namespace Podsharp.Cli.Output;

/// <summary>Tells how long each step of a build has taken (<c>--log-rusage</c>). What podman tells besides is what its own process has used, which says nothing of a command
/// in a container.</summary>
internal sealed class StepTimes : IDisposable
{
    private readonly Dictionary<int, (ImageBuildProgress Step, long Start)> current = [];
    private readonly TextOutput output;
    private readonly Stream? file;

    private StepTimes(TextOutput output, Stream? file) => (this.output, this.file) = (output, file);

    /// <summary>Makes it, where it is asked for.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: the file can't be written.</exception>
    internal static StepTimes? Open(CommandContext context)
    {
        var path = context.Line.Text("rusage-logfile");
        if (!context.Line.Flag("log-rusage") && path is not { Length: > 0 })
            return null;
        var file = path is { Length: > 0 } ? BuildCommands.OpenLog(context, path) : null;
        return new(file is null ? context.Error : new TextOutput(file), file);
    }

    /// <summary>Notes a record.</summary>
    internal void Show(ImageBuildProgress progress)
    {
        if (progress.Stage is not (ImageBuildStage.Step or ImageBuildStage.Done))
            return;
        foreach (var stage in current.Keys.Where(stage => progress.Stage == ImageBuildStage.Done || stage == progress.StageNumber).ToList())
        {
            var (step, start) = current[stage];
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
            output.WriteLine($"{(step.StageCount > 1 ? $"[{stage}/{step.StageCount}] " : "")}STEP {step.Step}/{step.StepCount}: {seconds} s: {step.Text}");
            current.Remove(stage);
        }
        if (progress.Stage == ImageBuildStage.Step)
            current[progress.StageNumber] = (progress, Stopwatch.GetTimestamp());
        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        output.Flush();
        file?.Dispose();
    }
}
