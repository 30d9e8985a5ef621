using System.Text.RegularExpressions;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Hooks;

/// <summary>A file of a hooks directory (oci-hooks(5), version 1.0.0): a program, and the containers it is for.</summary>
internal sealed record HookDefinition
{
    // Patterns are the administrator's, but the texts are anybody's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The file.</summary>
    internal required string Path { get; init; }
    /// <summary>The program.</summary>
    internal required OciHook Hook { get; init; }
    /// <summary>When it runs.</summary>
    internal required IReadOnlyList<string> Stages { get; init; }
    /// <summary>Whether it is for all containers, or for none; null: not said.</summary>
    internal bool? Always { get; init; }
    /// <summary>Patterns of annotations' names and values: each must be met by an annotation.</summary>
    internal IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
    /// <summary>Patterns of the program that the container runs: one must be met.</summary>
    internal IReadOnlyList<string> Commands { get; init; } = [];
    /// <summary>Whether it is for containers with bind mounts, or for those without; null: not said.</summary>
    internal bool? HasBindMounts { get; init; }

    /// <summary>Whether all conditions are met that are there.</summary>
    internal bool Applies(string command, IReadOnlyDictionary<string, string> annotations, bool hasBindMounts) =>
        Always is not false
        && Annotations.All(wanted => annotations.Any(annotation => Matches(wanted.Key, annotation.Key) && Matches(wanted.Value, annotation.Value)))
        && (Commands.Count == 0 || Commands.Any(pattern => Matches(pattern, command)))
        && (HasBindMounts is not { } bound || bound == hasBindMounts);

    private static bool Matches(string pattern, string text) => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, Patience);
}
