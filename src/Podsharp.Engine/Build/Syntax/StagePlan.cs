using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The stages to build, in the order of the file. The last one is the target.</summary>
internal sealed record StagePlan(IReadOnlyList<Stage> Stages)
{
    /// <summary>Cuts a file into stages and finds out which are needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="target">The stage to build, by name or number; the last when null.</param>
    /// <param name="skipUnused">Leaves out stages that the target doesn't need.</param>
    /// <param name="globalVariable">What FROM sees: <see cref="GlobalVariables.Value"/>.</param>
    /// <param name="given">What <c>--build-arg</c> gives, which wins over a stage's own defaults; none when null.</param>
    /// <param name="contexts">Names of further contexts: they come before stages of the same name.</param>
    /// <exception cref="ContainerEngineException">InvalidContainerfile, with file and line; BuildTargetNotFound.</exception>
    internal static StagePlan Create(Containerfile file, string? target, bool skipUnused, Func<string, string?> globalVariable,
        Func<string, string?>? given = null, IReadOnlyCollection<string>? contexts = null)
    {
        var stages = new List<Stage>();
        var rest = file.Instructions.SkipWhile(instruction => instruction is not FromInstruction).ToArray();
        for (var start = 0; start < rest.Length;)
        {
            var end = Array.FindIndex(rest, start + 1, instruction => instruction is FromInstruction);
            end = end < 0 ? rest.Length : end;
            var reader = new StageReader(stages, file.Directives.Escape, globalVariable, given ?? (static _ => null), contexts ?? []);
            stages.Add(reader.Read((FromInstruction)rest[start], rest[(start + 1)..end]));
            start = end;
        }
        var last = target is null ? stages[^1] : Find(stages, target) ?? throw NotFound(stages, target);
        var needed = skipUnused ? Needed(stages, last.Index) : [.. Enumerable.Range(0, last.Index + 1)];
        return new([.. stages.Take(last.Index + 1).Where(stage => needed.Contains(stage.Index))]);
    }

    /// <summary>The stage of a name, the last if several have it, or of a number; null if there is none.</summary>
    internal static Stage? Find(IReadOnlyList<Stage> stages, string name) =>
        stages.LastOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? stages.FirstOrDefault(stage => stage.Index == index) : null);

    private static HashSet<int> Needed(List<Stage> stages, int target)
    {
        // A stage only ever needs earlier ones.
        var needed = new HashSet<int> { target };
        for (var index = target; index >= 0; index--)
        {
            if (needed.Contains(index))
                needed.UnionWith(stages[index].Dependencies);
        }
        return needed;
    }

    private static ContainerEngineException NotFound(List<Stage> stages, string target)
    {
        var names = stages.Where(stage => stage.Name is not null).Select(stage => stage.Name).ToArray();
        return new(ErrorKind.NotFound, "BuildTargetNotFound", $"there is no stage \"{target}\"", target, names.Length > 0 ? $"there are {string.Join(", ", names)}"
            : $"no stage has a name; they have the numbers 0 to {stages.Count - 1}");
    }
}
