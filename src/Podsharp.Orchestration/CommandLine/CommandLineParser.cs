using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>Reads command lines by the rules of the pflag library, which podman and docker use.</summary>
/// <remarks><c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c>, <c>-n=value</c>, clusters of letters of which the last
/// may take a value (<c>-itp8080:80</c>), <c>--flag=false</c>, and <c>--</c> that ends the options.</remarks>
public static class CommandLineParser
{
    /// <summary>Reads what stands before the command: the program's own options.</summary>
    /// <returns>The options and the index of the first word behind them.</returns>
    public static (ParsedCommand Globals, int Next) ParseGlobals(IReadOnlyList<string> words)
    {
        var parsed = new ParsedCommand { Command = CommandTable.Root, Path = "" };
        var i = 0;
        while (i < words.Count && words[i].Length > 1 && words[i][0] == '-')
        {
            if (words[i] == "--")
                return (parsed, i + 1);
            i = ReadOption(parsed, parsed, words, i);
        }
        return (parsed, i);
    }

    /// <summary>Reads a command's words. Options of the program itself may stand among them and go to <paramref name="globals"/>.</summary>
    /// <exception cref="CommandLineException">An unknown or malformed option, or a wrong number of arguments.</exception>
    public static ParsedCommand Parse(CommandDefinition command, string path, IReadOnlyList<string> words, ParsedCommand globals)
    {
        var parsed = new ParsedCommand { Command = command, Path = path };
        var i = 0;
        while (i < words.Count)
        {
            var word = words[i];
            if (word.Length < 2 || word[0] != '-')
            {
                parsed.AddWord(word);
                i++;
                if (command.Interspersed)
                    continue;
                break;
            }
            if (word == "--")
            {
                i++;
                break;
            }
            i = ReadOption(parsed, globals, words, i);
            if (parsed.HelpWanted)
                return parsed;
        }
        for (; i < words.Count; i++)
            parsed.AddWord(words[i]);
        Check(parsed);
        return parsed;
    }

    private static int ReadOption(ParsedCommand parsed, ParsedCommand globals, IReadOnlyList<string> words, int index) =>
        words[index][1] == '-' ? ReadLong(parsed, globals, words, index) : ReadCluster(parsed, globals, words, index);

    private static int ReadLong(ParsedCommand parsed, ParsedCommand globals, IReadOnlyList<string> words, int index)
    {
        var body = words[index][2..];
        var equals = body.IndexOf('=');
        var name = equals < 0 ? body : body[..equals];
        var (option, target) = Find(parsed, globals, name);
        if (option is null)
        {
            if (name == "help")
                return Help(parsed, words);
            throw new CommandLineException($"unknown flag: --{name}", parsed.Path, words[index]);
        }
        if (equals >= 0)
            Store(target, option, body[(equals + 1)..]);
        else if (option.BareValue is { } bare)
            Store(target, option, bare);
        else if (index + 1 < words.Count)
            Store(target, option, words[++index]);
        else
            throw new CommandLineException($"flag needs an argument: --{name}", parsed.Path, words[index]);
        return index + 1;
    }

    private static int ReadCluster(ParsedCommand parsed, ParsedCommand globals, IReadOnlyList<string> words, int index)
    {
        var cluster = words[index][1..];
        for (var i = 0; i < cluster.Length; i++)
        {
            var target = parsed;
            var option = parsed.Command.FindOption(cluster[i]);
            if (option is null && (option = globals.Command.FindOption(cluster[i])) is not null)
                target = globals;
            if (option is null)
            {
                if (cluster[i] == 'h')
                    return Help(parsed, words);
                throw new CommandLineException($"unknown shorthand flag: '{cluster[i]}' in -{cluster[i..]}", parsed.Path, words[index]);
            }
            var rest = cluster[(i + 1)..];
            if (rest.StartsWith('=') && rest.Length > 1)
                rest = rest[1..];
            else if (option.BareValue is { } bare)
            {
                Store(target, option, bare);
                continue;
            }
            if (rest.Length > 0)
                Store(target, option, rest);
            else if (index + 1 < words.Count)
                Store(target, option, words[++index]);
            else
                throw new CommandLineException($"flag needs an argument: '{option.Short}' in -{cluster[i..]}", parsed.Path, words[index]);
            break;
        }
        return index + 1;
    }

    private static (OptionDefinition? Option, ParsedCommand Target) Find(ParsedCommand parsed, ParsedCommand globals, string name)
    {
        if (parsed.Command.FindOption(name) is { } own)
            return (own, parsed);
        return (globals.Command.FindOption(name), globals);
    }

    private static int Help(ParsedCommand parsed, IReadOnlyList<string> words)
    {
        parsed.HelpWanted = true;
        return words.Count;
    }

    private static void Store(ParsedCommand parsed, OptionDefinition option, string value)
    {
        CheckValue(parsed, option, value);
        if (option.Support == OptionSupport.NotYet && !option.AcceptedValues.Contains(value))
            throw new CommandLineException(NotYet(option, value), null, "--" + option.Name);
        if (option.Support == OptionSupport.Refused && !option.AcceptedValues.Contains(value))
            throw new CommandLineException($"the option --{option.Name}{(option.AcceptedValues.Count > 0 ? "=" + value : "")} is refused: {option.Reason}", null, "--" + option.Name);
        if (option.Kind != OptionKind.CommaList)
        {
            parsed.Add(option.Name, value);
            return;
        }
        parsed.AddAll(option.Name, value.Length == 0 ? [] : OptionText.SplitCommas(value));
    }

    private static string NotYet(OptionDefinition option, string value) => option.AcceptedValues.Count == 0
        ? $"the option --{option.Name} is not supported yet: leave it out, or use podman for this"
        : $"the value \"{value}\" of the option --{option.Name} is not supported yet: leave it out, or use podman for this";

    private static void CheckValue(ParsedCommand parsed, OptionDefinition option, string value)
    {
        var reason = option.Kind switch
        {
            OptionKind.Flag when !OptionText.TryParseFlag(value, out _) => $"strconv.ParseBool: parsing \"{value}\": invalid syntax",
            OptionKind.Number when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                $"strconv.ParseInt: parsing \"{value}\": invalid syntax",
            OptionKind.Decimal when !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) =>
                $"strconv.ParseFloat: parsing \"{value}\": invalid syntax",
            _ => null,
        };
        if (reason is null)
            return;
        var name = option.Short == '\0' ? $"--{option.Name}" : $"-{option.Short}, --{option.Name}";
        throw new CommandLineException($"invalid argument \"{value}\" for \"{name}\" flag: {reason}", parsed.Path, value);
    }

    private static void Check(ParsedCommand parsed)
    {
        var command = parsed.Command;
        var count = parsed.Arguments.Count;
        if (count > command.MaximumArguments)
        {
            throw new CommandLineException(command.MaximumArguments == 0
                ? $"`podsharp {parsed.Path}` takes no arguments"
                : $"accepts at most {command.MaximumArguments} arg(s), received {count}", parsed.Path, parsed.Arguments[^1]);
        }
        // --latest and --all stand in for names: the command itself checks those.
        if (count < command.MinimumArguments)
        {
            throw new CommandLineException(command.MaximumArguments == command.MinimumArguments
                ? $"accepts {command.MinimumArguments} arg(s), received {count}"
                : $"requires at least {command.MinimumArguments} arg(s), only received {count}", parsed.Path);
        }
    }
}
