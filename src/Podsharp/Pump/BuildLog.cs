using System.Text;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>Tells of a build line by line: its steps, and what their commands write.</summary>
/// <param name="write">Gets a line.</param>
internal sealed class BuildLog(Action<string> write)
{
    private readonly Dictionary<int, StringBuilder> unfinished = [];
    private readonly Dictionary<int, Decoder> decoders = [];

    /// <summary>Shows a record.</summary>
    internal void Show(ImageBuildProgress step)
    {
        var place = step.StageCount > 1 ? $"[{step.StageNumber}/{step.StageCount}] " : "";
        switch (step.Stage)
        {
            case ImageBuildStage.Step:
                Flush(step.StageNumber);
                write($"{place}STEP {step.Step}/{step.StepCount}: {step.Text}");
                break;
            case ImageBuildStage.Cached:
                write($"{place}--> Using cache {step.ImageId![..12]}");
                break;
            case ImageBuildStage.Committed:
                Flush(step.StageNumber);
                write($"{place}--> {step.ImageId![..12]}");
                break;
            case ImageBuildStage.Output:
                Add(step);
                break;
        }
    }

    private void Add(ImageBuildProgress step)
    {
        if (!decoders.TryGetValue(step.StageNumber, out var decoder))
        {
            decoders[step.StageNumber] = decoder = Encoding.UTF8.GetDecoder();
            unfinished[step.StageNumber] = new StringBuilder();
        }
        var characters = new char[Encoding.UTF8.GetMaxCharCount(step.Output.Length)];
        var count = decoder.GetChars(step.Output.Span, characters, flush: false);
        var line = unfinished[step.StageNumber];
        foreach (var character in characters.AsSpan(0, count))
        {
            if (character == '\n')
                Flush(step.StageNumber);
            else if (character != '\r')
                line.Append(character);
        }
    }

    private void Flush(int stage)
    {
        if (!unfinished.TryGetValue(stage, out var line) || line.Length == 0)
            return;
        write(line.ToString());
        line.Clear();
    }
}
