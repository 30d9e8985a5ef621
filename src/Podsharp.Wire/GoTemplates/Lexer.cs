using System.Globalization;
using System.Text;

namespace Podsharp.Wire.GoTemplates;

/// <summary>Cuts a template into tokens. Trim markers have done their work afterwards.</summary>
internal sealed class Lexer(string name, string source)
{
    private readonly List<Token> tokens = [];
    private int position;

    internal List<Token> Run()
    {
        var trim = false;
        while (true)
        {
            var open = source.IndexOf("{{", position, StringComparison.Ordinal);
            var end = open < 0 ? source.Length : open;
            var trimsRight = open >= 0 && open + 3 < source.Length && source[open + 2] == '-' && char.IsWhiteSpace(source[open + 3]);
            var text = source[position..end];
            if (trim)
                text = text.TrimStart();
            if (trimsRight)
                text = text.TrimEnd();
            if (text.Length > 0)
                tokens.Add(new(TokenKind.Text, text, position));
            if (open < 0)
                break;
            position = open + (trimsRight ? 3 : 2);
            trim = Action(open);
        }
        tokens.Add(new(TokenKind.End, "", source.Length));
        return tokens;
    }

    /// <summary>Reads one action. Returns whether the text behind it is trimmed.</summary>
    private bool Action(int open)
    {
        var first = SkipBlanks(position);
        if (string.CompareOrdinal(source, first, "/*", 0, 2) == 0)
        {
            var end = source.IndexOf("*/", first + 2, StringComparison.Ordinal);
            if (end < 0)
                throw Error("unclosed comment");
            position = end + 2;
            return Close() ?? throw Error("comment ends before closing delimiter");
        }
        tokens.Add(new(TokenKind.Open, "{{", open));
        while (true)
        {
            if (Close() is { } trim)
            {
                tokens.Add(new(TokenKind.Close, "}}", position - 2));
                return trim;
            }
            if (position >= source.Length)
                throw Error("unclosed action");
            Next();
        }
    }

    private bool? Close()
    {
        var i = SkipBlanks(position);
        if (i > position && string.CompareOrdinal(source, i, "-}}", 0, 3) == 0)
        {
            position = i + 3;
            return true;
        }
        if (string.CompareOrdinal(source, i, "}}", 0, 2) != 0)
            return null;
        position = i + 2;
        return false;
    }

    private void Next()
    {
        var start = position;
        var c = source[position];
        if (char.IsWhiteSpace(c))
        {
            position = SkipBlanks(position);
            tokens.Add(new(TokenKind.Space, " ", start));
        }
        else if (c == '"')
            Quoted();
        else if (c == '\'')
            Character();
        else if (c == '`')
            Raw();
        else if (char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && position + 1 < source.Length && char.IsAsciiDigit(source[position + 1])))
            Number();
        else if (c is '.' or '$')
            Prefixed(c == '.' ? (TokenKind.Field, TokenKind.Dot) : (TokenKind.Variable, TokenKind.Variable));
        else if (char.IsLetter(c) || c == '_')
            tokens.Add(new(TokenKind.Name, Word(0), start));
        else
            Punctuation(c);
    }

    private void Punctuation(char c)
    {
        var start = position;
        if (c == ':' && position + 1 < source.Length && source[position + 1] == '=')
        {
            position += 2;
            tokens.Add(new(TokenKind.Declare, ":=", start));
            return;
        }
        var kind = c switch
        {
            '|' => TokenKind.Pipe,
            '(' => TokenKind.OpenParenthesis,
            ')' => TokenKind.CloseParenthesis,
            '=' => TokenKind.Assign,
            ',' => TokenKind.Comma,
            _ => throw Error(c == '{' || c > ' ' ? $"unexpected bad character U+{(int)c:X4} '{c}'" : "unclosed action"),
        };
        position++;
        tokens.Add(new(kind, c.ToString(), start));
    }

    private void Prefixed((TokenKind Named, TokenKind Bare) kinds)
    {
        var start = position;
        var word = Word(1);
        tokens.Add(new(word.Length > 1 ? kinds.Named : kinds.Bare, word, start));
    }

    private string Word(int skip)
    {
        var start = position;
        position += skip;
        while (position < source.Length && (char.IsLetterOrDigit(source[position]) || source[position] == '_'))
            position++;
        return source[start..position];
    }

    private void Number()
    {
        var start = position++;
        while (position < source.Length && (char.IsAsciiLetterOrDigit(source[position]) || source[position] is '.' or '_'))
            position++;
        var text = source[start..position];
        var digits = text.Replace("_", "");
        object value;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && long.TryParse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex))
            value = hex;
        else if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            value = whole;
        else if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real))
            value = real;
        else
            throw Error($"bad number syntax: \"{text}\"");
        tokens.Add(new(TokenKind.Constant, text, start, value));
    }

    private void Raw()
    {
        var end = source.IndexOf('`', position + 1);
        if (end < 0)
            throw Error("unterminated raw quoted string");
        tokens.Add(new(TokenKind.Constant, source[position..(end + 1)], position, source[(position + 1)..end]));
        position = end + 1;
    }

    private void Quoted()
    {
        var start = position++;
        var value = new StringBuilder();
        while (position < source.Length && source[position] != '"')
        {
            if (source[position] == '\n')
                break;
            Unescape(value);
        }
        if (position >= source.Length || source[position] != '"')
            throw Error("unterminated quoted string");
        position++;
        tokens.Add(new(TokenKind.Constant, source[start..position], start, value.ToString()));
    }

    private void Character()
    {
        var start = position++;
        var value = new StringBuilder();
        if (position < source.Length)
            Unescape(value);
        if (position >= source.Length || source[position] != '\'')
            throw Error("unterminated character constant");
        position++;
        // Go's character constants are numbers.
        tokens.Add(new(TokenKind.Constant, source[start..position], start, (long)char.ConvertToUtf32(value.ToString(), 0)));
    }

    private void Unescape(StringBuilder value)
    {
        var c = source[position++];
        if (c != '\\' || position >= source.Length)
        {
            value.Append(c);
            if (char.IsHighSurrogate(c) && position < source.Length)
                value.Append(source[position++]);
            return;
        }
        c = source[position++];
        var digits = c switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (position + digits > source.Length
                || !int.TryParse(source.AsSpan(position, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0x10FFFF)
                throw Error("invalid syntax");
            value.Append(code is >= 0xD800 and < 0xE000 ? "\uFFFD" : char.ConvertFromUtf32(code));
            position += digits;
            return;
        }
        value.Append(c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            '\\' or '"' or '\'' => c,
            _ => throw Error("invalid syntax"),
        });
    }

    private int SkipBlanks(int from)
    {
        while (from < source.Length && char.IsWhiteSpace(source[from]))
            from++;
        return from;
    }

    private GoTemplateException Error(string what) =>
        new($"template: {name}:{1 + source.AsSpan(0, Math.Min(position, source.Length)).Count('\n')}: {what}");
}
