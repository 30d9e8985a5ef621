namespace Podsharp.Engine.Build.Syntax;

/// <summary>What the caller adds to an image as instructions like others: they are found again by later builds, and are in the history.</summary>
internal static class GivenInstructions
{
    /// <summary>The ENV of the caller's variables; none without.</summary>
    internal static IReadOnlyList<Instruction> Environment(IReadOnlyDictionary<string, string> variables) =>
        variables.Count == 0 ? [] : [new EnvInstruction(Quoted(variables)) { Original = $"ENV {Written(variables)}", File = "--env" }];

    /// <summary>The LABEL of the caller's labels; none without.</summary>
    internal static IReadOnlyList<Instruction> Labels(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? [] : [new LabelInstruction(Quoted(labels)) { Original = $"LABEL {Written(labels)}", File = "--label" }];

    private static string Written(IReadOnlyDictionary<string, string> pairs) => string.Join(' ', pairs.Select(pair => $"{Shown(pair.Key)}={Shown(pair.Value)}"));

    private static string Shown(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // A value stands for itself: single quotes keep dollars and escapes, and are themselves kept by double ones.
    private static List<KeyValuePair<string, string>> Quoted(IReadOnlyDictionary<string, string> pairs) =>
        [.. pairs.Select(pair => KeyValuePair.Create(Quoted(pair.Key), Quoted(pair.Value)))];

    private static string Quoted(string text) => $"'{text.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";
}
