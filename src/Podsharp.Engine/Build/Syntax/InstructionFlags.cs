using System.Text;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>The <c>--name=value</c> words between an instruction's name and its arguments. Quotes around values are gone; variables are still there.</summary>
internal sealed class InstructionFlags
{
    private readonly List<(string Name, string? Value)> _flags = [];
    private readonly string _keyword;
    private readonly string _place;

    private InstructionFlags(string keyword, string place) => (_keyword, _place) = (keyword, place);

    /// <summary>Whether there are none.</summary>
    internal bool IsEmpty => _flags.Count == 0;

    /// <summary>Takes the flags off the beginning of an instruction's text.</summary>
    /// <param name="keyword">The instruction, for messages.</param>
    /// <param name="text">What follows it.</param>
    /// <param name="place">File and line, for messages.</param>
    /// <param name="rest">What follows the flags, without blanks around.</param>
    internal static InstructionFlags Take(string keyword, string text, string place, out string rest)
    {
        var flags = new InstructionFlags(keyword, place);
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (!text.AsSpan(at).StartsWith("--"))
                break;
            var word = ReadWord(text, ref at);
            if (word == "--")
                break;
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            flags._flags.Add(equals < 0 ? (word[2..], null) : (word[2..equals], word[(equals + 1)..]));
        }
        rest = text[at..].Trim();
        return flags;
    }

    /// <summary>Refuses flags that the instruction doesn't have.</summary>
    internal void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var (name, _) in _flags)
        {
            if (!names.Contains(name))
            {
                throw SyntaxErrors.Invalid(_place, $"{_keyword} has no flag --{name}", names.IsEmpty ? "it has none; a command that begins with -- can be written as a list: [\"--word\"]"
                    : $"there {(names.Length == 1 ? "is" : "are")} --{string.Join(", --", names!)}");
            }
        }
    }

    /// <summary>A flag's value, the last one given; null without.</summary>
    internal string? Value(string name)
    {
        var values = Values(name);
        return values.Count > 0 ? values[^1] : null;
    }

    /// <summary>All values of a flag that may be given several times.</summary>
    internal IReadOnlyList<string> Values(string name) =>
        [.. _flags.Where(flag => flag.Name == name).Select(flag => flag.Value is { Length: > 0 } value ? value
            : throw SyntaxErrors.Invalid(_place, $"{_keyword} --{name} has no value", $"write --{name}=VALUE"))];

    /// <summary>A flag that is set by its name alone; null if it isn't given.</summary>
    internal bool? Switch(string name) => _flags.FindLast(flag => flag.Name == name) switch
    {
        (null, _) => null,
        (_, null) => true,
        (_, var value) when bool.TryParse(value, out var isOn) => isOn,
        _ => throw SyntaxErrors.Invalid(_place, $"{_keyword} --{name} is true or false"),
    };

    private static string ReadWord(string text, ref int at)
    {
        var word = new StringBuilder();
        var quote = '\0';
        for (; at < text.Length && (quote != '\0' || !char.IsWhiteSpace(text[at])); at++)
        {
            var letter = text[at];
            if (letter == '\\' && at + 1 < text.Length)
                word.Append(text[++at]);
            else if (letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is '"' or '\'')
                quote = letter;
            else
                word.Append(letter);
        }
        return word.ToString();
    }
}
