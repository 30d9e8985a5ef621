using System.Text;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>Tells of a build line by line: its steps, and what their commands write.</summary>
/// <param name="isMany">Whether there may be several platforms, which are told then.</param>
/// <param name="write">Gets a line.</param>
internal sealed class BuildLog(bool isMany, Action<string> write)
{
    private readonly Dictionary<string, StringBuilder> unfinished = [];
    private readonly Dictionary<string, Decoder> decoders = [];

    /// <summary>Shows a record.</summary>
    internal void Show(ImageBuildProgress step)
    {
        var stage = $"{step.Platform} {step.StageNumber}";
        var place = (isMany && step.Platform is not null ? $"[{step.Platform}] " : "") + (step.StageCount > 1 ? $"[{step.StageNumber}/{step.StageCount}] " : "");
        switch (step.Stage)
        {
            case ImageBuildStage.Step:
                Flush(stage);
                write($"{place}STEP {step.Step}/{step.StepCount}: {step.Text}");
                break;
            case ImageBuildStage.Cached:
                write($"{place}--> Using cache {step.ImageId![..12]}");
                break;
            case ImageBuildStage.Committed:
                Flush(stage);
                write($"{place}--> {step.ImageId![..12]}");
                break;
            case ImageBuildStage.CachePulled:
                write($"{place}--> Cache pulled from {step.Text}");
                break;
            case ImageBuildStage.CachePushed:
                write($"{place}--> Pushing cache to {step.Text}");
                break;
            case ImageBuildStage.Output:
                Add(step);
                break;
        }
    }

    private void Add(ImageBuildProgress step)
    {
        var stage = $"{step.Platform} {step.StageNumber}";
        if (!decoders.TryGetValue(stage, out var decoder))
        {
            decoders[stage] = decoder = Encoding.UTF8.GetDecoder();
            unfinished[stage] = new StringBuilder();
        }
        var characters = new char[Encoding.UTF8.GetMaxCharCount(step.Output.Length)];
        var count = decoder.GetChars(step.Output.Span, characters, flush: false);
        var line = unfinished[stage];
        foreach (var character in characters.AsSpan(0, count))
        {
            if (character == '\n')
                Flush(stage);
            else if (character != '\r')
                line.Append(character);
        }
    }

    private void Flush(string stage)
    {
        if (!unfinished.TryGetValue(stage, out var line) || line.Length == 0)
            return;
        write(line.ToString());
        line.Clear();
    }
}
