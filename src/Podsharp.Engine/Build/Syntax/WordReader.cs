using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Reads one word from left to right and puts its variables in.</summary>
internal sealed class WordReader(string source, Func<string, string?> variable, char escape)
{
    private int _at;

    // Above zero in a branch that isn't taken: it is read for its end, but asks for no variable and fails for none.
    private int _skipping;

    /// <summary>Collects names instead of values: every branch is read and none fails.</summary>
    internal ICollection<string>? Names { get; init; }

    /// <summary>Quotes are text, and an escape stays with what it escapes.</summary>
    internal bool IsText { get; init; }

    private bool AtEnd => _at >= source.Length;

    internal ExpandedWord ReadAll() => Read("");

    // Stops before one of the characters; without any, at the end.
    private ExpandedWord Read(string stops)
    {
        var word = new ExpandedWord();
        while (!AtEnd)
        {
            var letter = source[_at];
            if (stops.Contains(letter))
                return word;
            if (letter == '$')
                word.Add(Dollar());
            else if (letter == escape)
                Escaped(word);
            else if (letter == '\'' && !IsText)
                word.AddQuoted(SingleQuoted());
            else if (letter == '"' && !IsText)
                word.AddQuoted(DoubleQuoted());
            else
                word.Add(source.AsSpan(_at++, 1));
        }
        return stops.Length == 0 ? word : throw Error("a brace is not closed");
    }

    // At the end of a word there is nothing to escape.
    private void Escaped(ExpandedWord word)
    {
        _at++;
        if (IsText)
            word.AddQuoted([escape]);
        if (!AtEnd)
            word.AddQuoted(source.AsSpan(_at++, 1));
    }

    private ReadOnlySpan<char> SingleQuoted()
    {
        var start = ++_at;
        var end = source.IndexOf('\'', start);
        if (end < 0)
            throw Error("a single quote is not closed");
        _at = end + 1;
        return source.AsSpan(start, end - start);
    }

    private string DoubleQuoted()
    {
        var text = new System.Text.StringBuilder();
        for (_at++; !AtEnd && source[_at] != '"';)
        {
            if (source[_at] == '$')
            {
                text.Append(Dollar());
                continue;
            }
            if (source[_at] == escape && _at + 1 < source.Length && (source[_at + 1] is '"' or '$' || source[_at + 1] == escape))
                _at++;
            text.Append(source[_at++]);
        }
        if (AtEnd)
            throw Error("a double quote is not closed");
        _at++;
        return text.ToString();
    }

    private string Dollar()
    {
        _at++;
        if (!AtEnd && source[_at] == '{')
        {
            _at++;
            var value = Braced();
            if (AtEnd || source[_at] != '}')
                throw Error("a brace is not closed");
            _at++;
            return value;
        }
        var name = Name();
        return name.Length == 0 ? "$" : Value(name) ?? "";
    }

    // Letters, digits and underscores; a digit at the beginning is a name by itself, as in a shell.
    private string Name()
    {
        var start = _at;
        if (!AtEnd && char.IsDigit(source[_at]))
            return source[_at++].ToString();
        while (!AtEnd && (source[_at] == '_' || char.IsLetterOrDigit(source[_at])))
            _at++;
        return source[start.._at];
    }

    private string? Value(string name)
    {
        Names?.Add(name);
        return _skipping > 0 || Names is not null ? null : variable(name);
    }

    private string Braced()
    {
        var name = Name();
        if (name.Length == 0)
            throw Error("a variable's name is missing", "write a dollar that is meant as one as \\$");
        var value = Value(name);
        if (AtEnd)
            throw Error("a brace is not closed");
        var letter = source[_at];
        switch (letter)
        {
            case '}':
                return value ?? "";
            case '-' or '+' or '?':
                _at++;
                return Choose(name, value, letter, value is not null);
            case ':' when _at + 1 < source.Length && source[_at + 1] is '-' or '+' or '?':
                letter = source[_at + 1];
                _at += 2;
                return Choose(name, value, letter, value is { Length: > 0 });
            case '#' or '%':
                return Trimmed(value ?? "");
            case '/':
                return Replaced(value ?? "");
            default:
                throw Error($"\"{letter}\" is not known behind \"{name}\"", "there are :- - :+ + :? ? # ## % %% / and //");
        }
    }

    private string Choose(string name, string? value, char operation, bool isSet)
    {
        var isTaken = operation == '+' ? isSet : !isSet;
        var word = ReadBranch(isTaken);
        return operation switch
        {
            '+' => word,
            '-' => isSet ? value! : word,
            _ when isSet || _skipping > 0 || Names is not null => value ?? "",
            _ => throw Error($"{name} is not set{(word.Length > 0 ? $": {word}" : "")}", $"give it a value with --build-arg {name}=VALUE, or by ARG or ENV"),
        };
    }

    private string ReadBranch(bool isTaken)
    {
        _skipping += isTaken ? 0 : 1;
        var word = Read("}").Text;
        _skipping -= isTaken ? 0 : 1;
        return isTaken ? word : "";
    }

    // ${name#pattern}, ${name%pattern}: the shortest match at the beginning or the end goes; doubled, the longest.
    private string Trimmed(string value)
    {
        var side = source[_at++];
        var isLongest = !AtEnd && source[_at] == side;
        _at += isLongest ? 1 : 0;
        var pattern = Read("}").Pattern;
        for (var taken = 0; taken <= value.Length; taken++)
        {
            var length = isLongest ? value.Length - taken : taken;
            if (side == '#' ? ShellPattern.Matches(pattern, value.AsSpan(0, length)) : ShellPattern.Matches(pattern, value.AsSpan(value.Length - length)))
                return side == '#' ? value[length..] : value[..^length];
        }
        return value;
    }

    // ${name/pattern/text}: the first match, // all, /# at the beginning, /% at the end.
    private string Replaced(string value)
    {
        _at++;
        var where = !AtEnd && source[_at] is '/' or '#' or '%' ? source[_at++] : ' ';
        var pattern = Read("/}").Pattern;
        var replacement = "";
        if (source[_at] == '/')
        {
            _at++;
            replacement = Read("}").Text;
        }
        return ShellPattern.Replace(value, pattern, replacement, where);
    }

    private ContainerEngineException Error(string problem, string? remedy = null) => SyntaxErrors.Substitution(source, problem, remedy);
}
