using System.Text;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;

namespace Podsharp.Orchestration.Containers;

/// <summary>Commands that images carry in labels (podman-container-runlabel(1)): <c>podman run --name NAME IMAGE</c>.</summary>
public sealed record RunLabel
{
    private static readonly string[] s_engines = ["podman", "podsharp"];

    /// <summary>The label's name, in any case.</summary>
    public required string Label { get; init; }
    /// <summary>The image as it was named.</summary>
    public required string ImageName { get; init; }
    /// <summary>What stands for NAME; the last part of the image's name when null.</summary>
    public string? Name { get; init; }
    /// <summary>What follows the label's command.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    /// <summary>What stands for $OPT1, $OPT2, $OPT3, $PWD and $HOME. Other variables are empty.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = EmptyDictionary.Strings;

    /// <summary>Whether the command is this program's: then its first word doesn't matter.</summary>
    public static bool IsOurs(string program) => s_engines.Contains(program) || Path.GetFileName(program) == "docker";

    /// <summary>The command of an image's label.</summary>
    /// <exception cref="ContainerEngineException">NotFound: the image has no such label. InvalidArgument: it can't be taken apart.</exception>
    public IReadOnlyList<string> Read(ContainerImageDetail image)
    {
        var text = image.Config.Labels.FirstOrDefault(label => label.Key.Equals(Label, StringComparison.OrdinalIgnoreCase)).Value;
        if (string.IsNullOrWhiteSpace(text))
            throw new ContainerEngineException(ErrorKind.NotFound, "LabelNotFound", $"cannot find the value of label: {Label} in image: {ImageName}", ImageName,
                image.Config.Labels.Count == 0 ? "the image has no labels" : $"it has {string.Join(", ", image.Config.Labels.Keys.Order(StringComparer.Ordinal))}");
        var full = image.NamesHistory.Count > 0 ? image.NamesHistory[0] : image.Image.Id;
        var name = Name is { Length: > 0 } ? Name : ShortName(image.Image.Id.StartsWith(ImageName, StringComparison.Ordinal) ? full : ImageName);
        var words = new List<string>();
        foreach (var word in ShellWords.Split(text))
            words.AddRange(Expand(Replace(Replace(word, "NAME", name), "IMAGE", full)));
        return [.. words, .. Arguments];
    }

    /// <summary>The container that a label's command runs.</summary>
    /// <param name="command">What <see cref="Read"/> gave.</param>
    /// <param name="caller">Whose directory and variables its words mean.</param>
    /// <exception cref="ContainerEngineException">Unsupported: it runs no container. InvalidArgument: its options.</exception>
    public static RunRequest ToRequest(IReadOnlyList<string> command, CallerContext caller)
    {
        try
        {
            var words = command.Skip(1).ToList();
            var (globals, next) = CommandLineParser.ParseGlobals(words);
            var rest = words.Skip(next).ToList();
            if (IsOurs(command[0]) && rest.Count > 0 && CommandTable.Resolve(rest) is var (found, path, taken) && found.Id == CommandId.Run)
                return ContainerSpecBuilder.Build(CommandLineParser.Parse(found, path, rest.GetRange(taken, rest.Count - taken), globals), caller, command);
        }
        catch (CommandLineException error)
        {
            throw EngineErrors.InvalidArgument($"the label's command \"{string.Join(' ', command)}\" can't be run: {error.Message}", command[0]);
        }
        throw EngineErrors.Unsupported($"the label's command \"{string.Join(' ', command)}\" runs no container", command[0], "podsharp container runlabel carries out any command");
    }

    private static string ShortName(string image)
    {
        var last = image[(image.LastIndexOf('/') + 1)..];
        return last.Split(':', '@')[0];
    }

    // NAME alone, or behind an equals sign at the end; $NAME and ${NAME} anywhere.
    private static string Replace(string word, string what, string with)
    {
        var replaced = word == what ? with : word.Replace("${" + what + "}", with, StringComparison.Ordinal).Replace("$" + what, with, StringComparison.Ordinal);
        return replaced.EndsWith("=" + what, StringComparison.Ordinal) ? replaced[..^what.Length] + with : replaced;
    }

    // A word that is nothing but variables may become several, or none; any other stays one.
    private IReadOnlyList<string> Expand(string word)
    {
        if (!word.Contains('$'))
            return [word];
        var expanded = new StringBuilder();
        var isBare = true;
        for (var i = 0; i < word.Length;)
        {
            var end = word[i] == '$' ? EndOfVariable(word, i) : i;
            if (end == i)
            {
                expanded.Append(word[i++]);
                isBare = false;
                continue;
            }
            expanded.Append(Variables.GetValueOrDefault(word[(i + 1)..end].Trim('{', '}'), ""));
            i = end;
        }
        return isBare ? ShellWords.Split(expanded.ToString()) : [expanded.ToString()];
    }

    private static int EndOfVariable(string word, int start)
    {
        if (start + 1 < word.Length && word[start + 1] == '{')
            return word.IndexOf('}', start) is var close and > 0 ? close + 1 : start;
        var end = start + 1;
        while (end < word.Length && (char.IsAsciiLetterOrDigit(word[end]) || word[end] == '_'))
            end++;
        return end > start + 1 ? end : start;
    }
}
