using System.Globalization;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>Reads TOML 1.0 (<c>https://toml.io/en/v1.0.0</c>), the language of containers.conf, storage.conf and
/// registries.conf, into a <see cref="TomlTable"/>. Dates are kept as text, since none of these files has any.</summary>
internal sealed class TomlParser
{
    /// <summary>Inline arrays and tables nested deeper than this are refused, so that a file can't exhaust the stack.</summary>
    private const int MaximumDepth = 64;

    private readonly string _text;
    private readonly string _file;
    private int _position;
    private int _line = 1;
    private int _depth;

    private TomlParser(string text, string file)
    {
        _text = text;
        _file = file;
    }

    /// <summary>Parses a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ContainerEngineException">The text isn't TOML (<c>ConfigurationInvalid</c>, with file and line).</exception>
    internal static TomlTable Parse(string text, string file) => new TomlParser(text.TrimStart('\uFEFF'), file).ParseDocument();

    /// <summary>Parses a file, or returns null where there is none.</summary>
    /// <exception cref="ContainerEngineException">The file can't be read, or isn't TOML.</exception>
    internal static TomlTable? ParseFile(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "ConfigurationUnreadable",
                $"the configuration file {path} can't be read", path, error.Message, error);
        }
    }

    private TomlTable ParseDocument()
    {
        var root = new TomlTable(_file, 1);
        var current = root;
        while (true)
        {
            SkipBlankLines();
            if (_position >= _text.Length)
            {
                return root;
            }
            if (Peek() == '[')
            {
                current = ParseHeader(root);
            }
            else
            {
                ParseKeyValue(current);
            }
            ExpectEndOfLine();
        }
    }

    private TomlTable ParseHeader(TomlTable root)
    {
        _position++;
        var isArray = Take('[');
        SkipSpaces();
        var path = ParseKey();
        Expect(']');
        if (isArray)
        {
            Expect(']');
        }
        var parent = Descend(root, path, path.Count - 1, viaHeader: true);
        return isArray ? AppendTable(parent, path[^1]) : DefineTable(parent, path[^1]);
    }

    private TomlTable DefineTable(TomlTable parent, string key)
    {
        switch (parent.Find(key))
        {
            case null:
                var table = new TomlTable(_file, _line) { IsDefined = true };
                parent.Add(key, new TomlNode(table, _file, _line));
                return table;
            case { Value: TomlTable { IsDefined: false, IsInline: false } open }:
                open.IsDefined = true;
                return open;
            default:
                throw Error($"the table [{key}] is defined twice");
        }
    }

    private TomlTable AppendTable(TomlTable parent, string key)
    {
        if (parent.Find(key) is not { } node)
        {
            node = new TomlNode(new List<TomlNode>(), _file, _line);
            parent.Add(key, node);
        }
        if (node.Value is not List<TomlNode> list || (list.Count > 0 && list[0].Value is not TomlTable { IsInline: false }))
        {
            throw Error($"\"{key}\" is not an array of tables");
        }
        var table = new TomlTable(_file, _line) { IsDefined = true };
        list.Add(new TomlNode(table, _file, _line));
        return table;
    }

    /// <summary>Goes down the first <paramref name="count"/> parts of a dotted key, making tables on the way.</summary>
    private TomlTable Descend(TomlTable table, List<string> path, int count, bool viaHeader)
    {
        foreach (var part in path.Take(count))
        {
            table = table.Find(part) switch
            {
                null => NewChild(table, part),
                { Value: TomlTable { IsInline: false } child } => child,
                { Value: List<TomlNode> { Count: > 0 } list } when viaHeader && list[^1].Value is TomlTable { IsInline: false } last => last,
                _ => throw Error($"\"{part}\" is not a table that can be extended here"),
            };
        }
        return table;
    }

    private TomlTable NewChild(TomlTable table, string key)
    {
        var child = new TomlTable(_file, _line);
        table.Add(key, new TomlNode(child, _file, _line));
        return child;
    }

    private void ParseKeyValue(TomlTable table)
    {
        var path = ParseKey();
        Expect('=');
        SkipSpaces();
        var line = _line;
        var owner = Descend(table, path, path.Count - 1, viaHeader: false);
        owner.Add(path[^1], new TomlNode(ParseValue(), _file, line));
    }

    private List<string> ParseKey()
    {
        var parts = new List<string>();
        do
        {
            SkipSpaces();
            parts.Add(Peek() switch
            {
                '"' => ParseBasicString(),
                '\'' => ParseLiteralString(),
                _ => ParseBareKey(),
            });
            SkipSpaces();
        }
        while (Take('.'));
        return parts;
    }

    private string ParseBareKey()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or '-')
        {
            _position++;
        }
        return _position > start ? _text[start.._position] : throw Error($"a key was expected, found {Describe(Peek())}");
    }

    private object ParseValue() => Peek() switch
    {
        '"' when At("\"\"\"") => ParseMultilineString('"'),
        '"' => ParseBasicString(),
        '\'' when At("'''") => ParseMultilineString('\''),
        '\'' => ParseLiteralString(),
        '[' => ParseArray(),
        '{' => ParseInlineTable(),
        _ => ParseScalar(),
    };

    private List<TomlNode> ParseArray()
    {
        Enter();
        var items = new List<TomlNode>();
        while (true)
        {
            SkipBlankLines();
            if (Take(']'))
            {
                _depth--;
                return items;
            }
            var line = _line;
            items.Add(new TomlNode(ParseValue(), _file, line));
            SkipBlankLines();
            if (!Take(',') && Peek() != ']')
            {
                throw Error($"a comma or ] was expected in the array, found {Describe(Peek())}");
            }
        }
    }

    private TomlTable ParseInlineTable()
    {
        Enter();
        var table = new TomlTable(_file, _line);
        SkipSpaces();
        if (!Take('}'))
        {
            do
            {
                ParseKeyValue(table);
                SkipSpaces();
            }
            while (Take(','));
            Expect('}');
        }
        table.IsInline = true;
        _depth--;
        return table;
    }

    private void Enter()
    {
        _position++;
        if (++_depth > MaximumDepth)
        {
            throw Error("values are nested too deeply");
        }
    }

    private object ParseScalar()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '+' or '-' or '_' or '.' or ':')
        {
            _position++;
        }
        var word = _text[start.._position];
        return word switch
        {
            "" => throw Error($"a value was expected, found {Describe(Peek())}"),
            "true" => true,
            "false" => false,
            _ => ParseNumber(word) ?? throw Error($"\"{word}\" is not a value; is it a string without quotes?"),
        };
    }

    private static object? ParseNumber(string word)
    {
        var digits = word.Replace("_", "", StringComparison.Ordinal);
        if (word.StartsWith('_') || word.EndsWith('_') || word.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }
        if (digits.StartsWith("0x", StringComparison.Ordinal) &&
            long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }
        if (digits.StartsWith("0o", StringComparison.Ordinal) || digits.StartsWith("0b", StringComparison.Ordinal))
        {
            return ParseRadix(digits.AsSpan(2), digits[1] == 'o' ? 8 : 2);
        }
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            var first = digits.AsSpan().TrimStart("+-");
            return first.Length > 1 && first[0] == '0' ? null : integer;
        }
        return ParseFloatOrDate(digits);
    }

    private static object? ParseRadix(ReadOnlySpan<char> digits, int radix)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            var number = digit - '0';
            if (number < 0 || number >= radix || value > long.MaxValue / radix - 1)
            {
                return null;
            }
            value = (value * radix) + number;
        }
        return digits.IsEmpty ? null : value;
    }

    private static object? ParseFloatOrDate(string digits)
    {
        switch (digits.TrimStart('+', '-'))
        {
            case "inf":
                return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan":
                return double.NaN;
        }
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(digits, Style, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }
        var isDate = digits.Length >= 5 && char.IsAsciiDigit(digits[0]) && (digits.Contains(':') || digits.Count(c => c == '-') == 2);
        return isDate ? digits : null;
    }

    private string ParseLiteralString()
    {
        var end = _text.IndexOfAny(['\'', '\n'], _position + 1);
        if (end < 0 || _text[end] == '\n')
        {
            throw Error("the string has no closing quote on its line");
        }
        var value = _text[(_position + 1)..end];
        _position = end + 1;
        return value;
    }

    private string ParseBasicString()
    {
        _position++;
        var value = new StringBuilder();
        while (true)
        {
            switch (Peek())
            {
                case '"':
                    _position++;
                    return value.ToString();
                case '\n' or '\0':
                    throw Error("the string has no closing quote on its line");
                case '\\':
                    ParseEscape(value);
                    break;
                default:
                    value.Append(_text[_position++]);
                    break;
            }
        }
    }

    private string ParseMultilineString(char quote)
    {
        var opened = _line;
        var closing = new string(quote, 3);
        _position += 3;
        Take('\r');
        TakeNewLine();
        var value = new StringBuilder();
        while (!At(closing))
        {
            if (_position >= _text.Length)
            {
                throw TomlError.At(_file, opened, "the multi-line string is never closed");
            }
            if (quote == '"' && Peek() == '\\')
            {
                ParseMultilineEscape(value);
            }
            else
            {
                value.Append(Peek());
                AdvanceCountingLines();
            }
        }
        _position += 3;
        // Up to two quotes directly before the closing ones belong to the text.
        for (var extra = 0; extra < 2 && Peek() == quote; extra++)
        {
            value.Append(quote);
            _position++;
        }
        return value.ToString();
    }

    private void ParseMultilineEscape(StringBuilder value)
    {
        var probe = _position + 1;
        while (probe < _text.Length && _text[probe] is ' ' or '\t' or '\r')
        {
            probe++;
        }
        if (probe >= _text.Length || _text[probe] != '\n')
        {
            ParseEscape(value);
            return;
        }
        _position++;
        while (Peek() is ' ' or '\t' or '\r' or '\n' && _position < _text.Length)
        {
            AdvanceCountingLines();
        }
    }

    private void ParseEscape(StringBuilder value)
    {
        _position++;
        var kind = Peek();
        _position++;
        switch (kind)
        {
            case 'b': value.Append('\b'); break;
            case 't': value.Append('\t'); break;
            case 'n': value.Append('\n'); break;
            case 'f': value.Append('\f'); break;
            case 'r': value.Append('\r'); break;
            case 'e': value.Append('\x1b'); break;
            case '"': value.Append('"'); break;
            case '\\': value.Append('\\'); break;
            case 'u': AppendCodePoint(value, 4); break;
            case 'U': AppendCodePoint(value, 8); break;
            default: throw Error($"\\{kind} is not an escape of TOML; write \\\\ for a backslash");
        }
    }

    private void AppendCodePoint(StringBuilder value, int digits)
    {
        if (_position + digits > _text.Length ||
            !int.TryParse(_text.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ||
            !Rune.IsValid(code))
        {
            throw Error("the Unicode escape is not a valid code point");
        }
        value.Append(new Rune(code).ToString());
        _position += digits;
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private bool At(string word) => string.CompareOrdinal(_text, _position, word, 0, word.Length) == 0;

    private bool Take(char c)
    {
        if (Peek() != c || _position >= _text.Length)
        {
            return false;
        }
        _position++;
        return true;
    }

    private void TakeNewLine()
    {
        if (Take('\n'))
        {
            _line++;
        }
    }

    private void AdvanceCountingLines()
    {
        if (_text[_position++] == '\n')
        {
            _line++;
        }
    }

    private void Expect(char c)
    {
        SkipSpaces();
        if (!Take(c))
        {
            throw Error($"'{c}' was expected, found {Describe(Peek())}");
        }
    }

    private void ExpectEndOfLine()
    {
        SkipSpaces();
        SkipComment();
        Take('\r');
        if (_position < _text.Length && Peek() != '\n')
        {
            throw Error($"the line should end here, found {Describe(Peek())}");
        }
    }

    private void SkipSpaces()
    {
        while (Peek() is ' ' or '\t')
        {
            _position++;
        }
    }

    private void SkipComment()
    {
        if (Peek() == '#')
        {
            var end = _text.IndexOf('\n', _position);
            _position = end < 0 ? _text.Length : end;
        }
    }

    private void SkipBlankLines()
    {
        while (_position < _text.Length)
        {
            SkipComment();
            if (Peek() is not (' ' or '\t' or '\r' or '\n'))
            {
                return;
            }
            AdvanceCountingLines();
        }
    }

    private string Describe(char c) => (_position >= _text.Length, c) switch
    {
        (true, _) => "the end of the file",
        (_, '\n' or '\r') => "the end of the line",
        _ => $"'{c}'",
    };

    private ContainerEngineException Error(string message) => TomlError.At(_file, _line, message);
}
