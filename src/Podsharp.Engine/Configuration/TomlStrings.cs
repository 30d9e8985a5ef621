using System.Globalization;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>The four kinds of TOML strings: basic and literal, on one line and on many.</summary>
internal static class TomlStrings
{
    /// <summary>Reads the string that begins here, of any kind.</summary>
    /// <exception cref="ContainerEngineException">It is not closed, or has an escape that TOML doesn't know.</exception>
    internal static string Read(TomlReader reader) => reader.Peek() switch
    {
        '"' when reader.At("\"\"\"") => ReadMultiline(reader, '"'),
        '\'' when reader.At("'''") => ReadMultiline(reader, '\''),
        _ => ReadLine(reader),
    };

    /// <summary>Reads the string that begins here and must end on its line: as a key may.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="Read"/>.</exception>
    internal static string ReadLine(TomlReader reader) => reader.Peek() == '"' ? ReadBasic(reader) : ReadLiteral(reader);

    private static string ReadLiteral(TomlReader reader)
    {
        reader.Skip(1);
        var value = reader.TakeWhile(c => c is not ('\'' or '\n'));
        return reader.Take('\'') ? value : throw reader.Error("the string has no closing quote on its line");
    }

    private static string ReadBasic(TomlReader reader)
    {
        reader.Skip(1);
        var value = new StringBuilder();
        while (true)
        {
            switch (reader.Peek())
            {
                case '"':
                    reader.Skip(1);
                    return value.ToString();
                case '\n' or '\0':
                    throw reader.Error("the string has no closing quote on its line");
                case '\\':
                    ReadEscape(reader, value);
                    break;
                case var c:
                    value.Append(c);
                    reader.Skip(1);
                    break;
            }
        }
    }

    private static string ReadMultiline(TomlReader reader, char quote)
    {
        var opened = reader.Line;
        var closing = new string(quote, 3);
        reader.Skip(3);
        reader.Take('\r');
        reader.TakeNewLine();
        var value = new StringBuilder();
        while (!reader.At(closing))
        {
            if (reader.IsAtEnd)
            {
                throw reader.ErrorAt(opened, "the multi-line string is never closed");
            }
            if (quote == '"' && reader.Peek() == '\\')
            {
                ReadMultilineEscape(reader, value);
            }
            else
            {
                value.Append(reader.Peek());
                reader.AdvanceCountingLines();
            }
        }
        reader.Skip(3);
        // Up to two quotes directly before the closing ones belong to the text.
        for (var extra = 0; extra < 2 && reader.Take(quote); extra++)
        {
            value.Append(quote);
        }
        return value.ToString();
    }

    // A backslash at the end of a line takes all white space up to the next word with it.
    private static void ReadMultilineEscape(TomlReader reader, StringBuilder value)
    {
        if (!reader.EndsLineWith('\\'))
        {
            ReadEscape(reader, value);
            return;
        }
        reader.Skip(1);
        while (!reader.IsAtEnd && reader.Peek() is ' ' or '\t' or '\r' or '\n')
        {
            reader.AdvanceCountingLines();
        }
    }

    private static void ReadEscape(TomlReader reader, StringBuilder value)
    {
        reader.Skip(1);
        var kind = reader.Peek();
        reader.Skip(1);
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
            case 'u': AppendCodePoint(reader, value, 4); break;
            case 'U': AppendCodePoint(reader, value, 8); break;
            default: throw reader.Error($"\\{kind} is not an escape of TOML; write \\\\ for a backslash");
        }
    }

    private static void AppendCodePoint(TomlReader reader, StringBuilder value, int count)
    {
        var digits = reader.Ahead(count);
        if (digits.Length < count || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            throw reader.Error("the Unicode escape is not a valid code point");
        }
        value.Append(new Rune(code).ToString());
        reader.Skip(count);
    }
}
