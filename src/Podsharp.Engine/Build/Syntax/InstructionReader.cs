using System.Globalization;
using System.Text.Json;
using Podsharp.Engine.Configuration;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Makes an instruction of its text. Each has its own way to write arguments (Dockerfile reference).</summary>
/// <param name="place">File and line, for messages.</param>
/// <param name="escape">The character that quotes one other.</param>
/// <param name="warnings">Takes what was hardly meant.</param>
internal sealed class InstructionReader(string place, char escape, ICollection<string> warnings)
{
    private static readonly string[] Keywords = ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

    /// <summary>Cuts an instruction's name off, in upper case.</summary>
    internal static string SplitKeyword(string text, out string arguments)
    {
        text = text.Trim();
        var end = text.AsSpan().IndexOfAny(WordSplitter.Blanks);
        arguments = end < 0 ? "" : text[end..].Trim();
        return (end < 0 ? text : text[..end]).ToUpperInvariant();
    }

    /// <summary>Reads an instruction; its lines, original text and here-documents are the caller's to add.</summary>
    /// <exception cref="Podsharp.Model.ContainerEngineException">InvalidContainerfile.</exception>
    internal Instruction Read(string text)
    {
        var keyword = SplitKeyword(text, out var arguments);
        if (Array.IndexOf(Keywords, keyword) < 0)
            throw UnknownInstruction(keyword);
        var flags = InstructionFlags.Take(keyword, arguments, place, out var rest);
        switch (keyword)
        {
            case "FROM": return From(flags, rest);
            case "RUN": return Run(flags, rest);
            case "COPY" or "ADD": return Copy(keyword == "ADD", flags, rest);
            case "HEALTHCHECK": return Healthcheck(flags, rest);
        }
        flags.Allow();
        return keyword switch
        {
            "ARG" => new ArgInstruction(Arguments(rest)),
            "ENV" => new EnvInstruction(Pairs(keyword, rest)),
            "LABEL" => new LabelInstruction(Pairs(keyword, rest)),
            "CMD" => new CmdInstruction(Command(rest)),
            "ENTRYPOINT" => new EntrypointInstruction(Command(rest)),
            "SHELL" => new ShellInstruction(Shell(rest)),
            "EXPOSE" => new ExposeInstruction(AtLeastOne(keyword, WordSplitter.AtBlanks(rest))),
            "VOLUME" => new VolumeInstruction(AtLeastOne(keyword, List(keyword, rest))),
            "USER" => new UserInstruction(Whole(keyword, rest)),
            "WORKDIR" => new WorkdirInstruction(Whole(keyword, rest)),
            "STOPSIGNAL" => new StopsignalInstruction(Whole(keyword, rest)),
            "MAINTAINER" => new MaintainerInstruction(Whole(keyword, rest)),
            _ => new OnbuildInstruction(Trigger(rest)),
        };
    }

    private FromInstruction From(InstructionFlags flags, string rest)
    {
        flags.Allow("platform", "after");
        var words = WordSplitter.AtBlanks(rest);
        return words switch
        {
            [var image] => new(image, null, flags.Value("platform")) { After = flags.Values("after") },
            [var image, var name, var alias] when name.Equals("AS", StringComparison.OrdinalIgnoreCase) =>
                new(image, alias, flags.Value("platform")) { After = flags.Values("after") },
            _ => throw Error("FROM takes one argument, or three: FROM IMAGE [AS NAME]"),
        };
    }

    private RunInstruction Run(InstructionFlags flags, string rest)
    {
        flags.Allow("mount", "network", "security", "device");
        var command = Command(rest);
        return command.Arguments.Count > 0 ? new(command, flags.Values("mount"), flags.Value("network"), flags.Value("security"), flags.Value("device"))
            : throw Error("RUN has no command");
    }

    private CopyInstruction Copy(bool isAdd, InstructionFlags flags, string rest)
    {
        if (isAdd)
            flags.Allow("chown", "chmod", "checksum", "link", "keep-git-dir", "exclude", "unpack");
        else
            flags.Allow("from", "chown", "chmod", "link", "parents", "exclude");
        var keyword = isAdd ? "ADD" : "COPY";
        var isList = rest.StartsWith('[') && Json(rest) is not null;
        var words = List(keyword, rest);
        if (words.Count < 2)
            throw Error($"{keyword} takes at least two arguments: {keyword} SOURCE... DESTINATION");
        if (!isList && HeredocWord.Is(words[^1]))
            throw Error($"the destination of {keyword} can't be a here-document");
        IReadOnlyList<string> sources = [.. words.SkipLast(1).Where(word => isList || !HeredocWord.Is(word))];
        return new(isAdd, sources, words[^1], flags.Value("from"), flags.Value("chown"), flags.Value("chmod"), flags.Switch("link") ?? false,
            flags.Switch("parents") ?? false, flags.Values("exclude"), flags.Value("checksum"), flags.Switch("keep-git-dir") ?? false, flags.Switch("unpack"));
    }

    private HealthcheckInstruction Healthcheck(InstructionFlags flags, string rest)
    {
        var kind = SplitKeyword(rest, out var command);
        if (kind == "NONE")
        {
            flags.Allow();
            return command.Length == 0 ? new(null, null, null, null, null, null) : throw Error("HEALTHCHECK NONE takes no arguments");
        }
        flags.Allow("interval", "timeout", "start-period", "start-interval", "retries");
        if (kind != "CMD")
            throw Error(kind.Length == 0 ? "HEALTHCHECK has no argument" : $"HEALTHCHECK {kind} is not known", "write HEALTHCHECK CMD COMMAND or HEALTHCHECK NONE");
        var test = Command(command);
        if (test.Arguments.Count == 0)
            throw Error("HEALTHCHECK CMD has no command");
        return new(test, Duration(flags, "interval"), Duration(flags, "timeout"), Duration(flags, "start-period"), Duration(flags, "start-interval"), Retries(flags));
    }

    // Zero is the default, as not to give it.
    private TimeSpan? Duration(InstructionFlags flags, string name) => flags.Value(name) switch
    {
        null => null,
        var text when GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero => duration > TimeSpan.Zero ? duration : null,
        var text => throw Error($"HEALTHCHECK --{name}={text} is not a positive time", "write it as 30s, 1m30s or 500ms"),
    };

    private int? Retries(InstructionFlags flags) => flags.Value("retries") switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) => retries > 0 ? retries : null,
        var text => throw Error($"HEALTHCHECK --retries={text} is not a number of at least 1"),
    };

    private List<KeyValuePair<string, string?>> Arguments(string rest)
    {
        var arguments = new List<KeyValuePair<string, string?>>();
        foreach (var word in AtLeastOne("ARG", Words("ARG", rest)))
        {
            // The whole may be quoted: then the quote is the value's.
            var isQuoted = word[0] is '"' or '\'' && word.Length > 1 && word[^1] == word[0] && word.IndexOf(word[0], 1) == word.Length - 1;
            var text = isQuoted ? word[1..^1] : word;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? text : text[..equals];
            if (name.Length == 0)
                throw Error($"ARG \"{word}\" has no name", "write ARG NAME or ARG NAME=DEFAULT");
            var value = equals < 0 ? null : text[(equals + 1)..];
            arguments.Add(new(name, isQuoted && value is not null ? word[0] + value + word[0] : value));
        }
        return arguments;
    }

    // NAME=VALUE..., or the old way: a name and the rest of the line.
    private List<KeyValuePair<string, string>> Pairs(string keyword, string rest)
    {
        var words = AtLeastOne(keyword, Words(keyword, rest));
        if (!words[0].Contains('='))
        {
            var end = rest.AsSpan().IndexOfAny(WordSplitter.Blanks);
            return end > 0 ? [new(rest[..end], rest[end..].TrimStart())] : throw Error($"{keyword} {words[0]} has no value", $"write {keyword} NAME=VALUE");
        }
        return [.. words.Select(word => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? new KeyValuePair<string, string>(word[..equals], word[(equals + 1)..])
            : throw Error($"{keyword} \"{word}\" is not NAME=VALUE", "put a value with spaces in quotes"))];
    }

    private IReadOnlyList<string> Shell(string rest) => Json(rest) is { Count: > 0 } list ? list
        : throw Error("SHELL takes a list", "write SHELL [\"/bin/bash\", \"-c\"]");

    // What the trigger is must be known now: an image with a broken one would break other builds.
    private string Trigger(string rest)
    {
        if (rest.Length == 0)
            throw Error("ONBUILD has no instruction");
        var keyword = SplitKeyword(rest, out _);
        if (keyword is "ONBUILD" or "FROM" or "MAINTAINER")
            throw Error($"ONBUILD {keyword} is not allowed");
        new InstructionReader(place, escape, []).Read(rest);
        return rest;
    }

    private CommandForm Command(string rest)
    {
        if (rest.Length == 0)
            return new(false, []);
        if (Json(rest) is { } list)
            return new(false, list);
        if (rest.StartsWith("['", StringComparison.Ordinal))
            warnings.Add($"{place}: a list has double quotes: {rest} goes to the shell as it is");
        return new(true, [rest]);
    }

    // Quotes hold a name with blanks together, which docker and podman refuse.
    private IReadOnlyList<string> List(string keyword, string rest) => Json(rest) ?? Words(keyword, rest);

    private IReadOnlyList<string>? Json(string text)
    {
        try
        {
            return WordSplitter.JsonList(text);
        }
        catch (JsonException error)
        {
            throw Error(error.Message);
        }
    }

    private IReadOnlyList<string> Words(string keyword, string text)
    {
        var words = WordSplitter.Quoted(text, escape, out var isClosed);
        return isClosed ? words : throw Error($"a quote of {keyword} is not closed");
    }

    private IReadOnlyList<string> AtLeastOne(string keyword, IReadOnlyList<string> words) => words.Count > 0 ? words
        : throw Error($"{keyword} takes at least one argument");

    private string Whole(string keyword, string rest) => rest.Length > 0 ? rest : throw Error($"{keyword} takes one argument");

    private Podsharp.Model.ContainerEngineException UnknownInstruction(string keyword)
    {
        var nearest = Keywords.MinBy(known => Similarity.Distance(known, keyword))!;
        return Error($"unknown instruction {keyword}", Similarity.Distance(nearest, keyword) <= Math.Max(1, nearest.Length / 3) ? $"did you mean {nearest}?"
            : "an instruction that goes on in the next line needs a backslash at the end of this one");
    }

    private Podsharp.Model.ContainerEngineException Error(string problem, string? remedy = null) => SyntaxErrors.Invalid(place, problem, remedy);
}
