using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>A position in a TOML text: what stands there, going on, and errors that name the place.</summary>
/// <param name="text">The document.</param>
/// <param name="file">The file's name, for messages.</param>
internal sealed class TomlReader(string text, string file)
{
    private int position;
    private int line = 1;

    /// <summary>The file's name, for messages.</summary>
    internal string File => file;

    /// <summary>The line, from 1.</summary>
    internal int Line => line;

    /// <summary>Whether the text ends here.</summary>
    internal bool IsAtEnd => position >= text.Length;

    /// <summary>Passes over characters, none of which ends a line.</summary>
    internal void Skip(int count) => position += count;

    /// <summary>Takes characters while they are of a kind; perhaps none.</summary>
    internal string TakeWhile(Func<char, bool> isWanted)
    {
        var start = position;
        while (!IsAtEnd && isWanted(text[position]))
        {
            position++;
        }
        return text[start..position];
    }

    /// <summary>The next characters, at most so many.</summary>
    internal ReadOnlySpan<char> Ahead(int count) => text.AsSpan(position, Math.Min(count, text.Length - position));

    /// <summary>The character at the position; NUL at the end.</summary>
    internal char Peek() => position < text.Length ? text[position] : '\0';

    /// <summary>Whether a word stands at the position.</summary>
    internal bool At(string word) => string.CompareOrdinal(text, position, word, 0, word.Length) == 0;

    /// <summary>Whether a character stands here with nothing but blanks between it and the end of the line.</summary>
    internal bool EndsLineWith(char c)
    {
        var rest = text.AsSpan(position);
        return rest.StartsWith([c]) && rest[1..].TrimStart(" \t\r").StartsWith("\n");
    }

    /// <summary>Passes over a character if it stands there.</summary>
    internal bool Take(char c)
    {
        if (Peek() != c || position >= text.Length)
        {
            return false;
        }
        position++;
        return true;
    }

    /// <summary>Passes over the end of a line if it stands there.</summary>
    internal void TakeNewLine()
    {
        if (Take('\n'))
        {
            line++;
        }
    }

    /// <summary>Passes over any character.</summary>
    internal void AdvanceCountingLines()
    {
        if (text[position++] == '\n')
        {
            line++;
        }
    }

    /// <summary>Passes over blanks and a character that must stand there.</summary>
    internal void Expect(char c)
    {
        SkipSpaces();
        if (!Take(c))
        {
            throw Error($"'{c}' was expected, found {Found}");
        }
    }

    /// <summary>Passes over blanks and a comment, behind which the line must end.</summary>
    internal void ExpectEndOfLine()
    {
        SkipSpaces();
        SkipComment();
        Take('\r');
        if (position < text.Length && Peek() != '\n')
        {
            throw Error($"the line should end here, found {Found}");
        }
    }

    /// <summary>Passes over blanks in the line.</summary>
    internal void SkipSpaces()
    {
        while (Peek() is ' ' or '\t')
        {
            position++;
        }
    }

    private void SkipComment()
    {
        if (Peek() == '#')
        {
            var end = text.IndexOf('\n', position);
            position = end < 0 ? text.Length : end;
        }
    }

    /// <summary>Passes over blanks, comments and line ends.</summary>
    internal void SkipBlankLines()
    {
        while (position < text.Length)
        {
            SkipComment();
            if (Peek() is not (' ' or '\t' or '\r' or '\n'))
            {
                return;
            }
            AdvanceCountingLines();
        }
    }

    /// <summary>What stands at the position, for a message.</summary>
    internal string Found => (IsAtEnd, Peek()) switch
    {
        (true, _) => "the end of the file",
        (_, '\n' or '\r') => "the end of the line",
        (_, var c) => $"'{c}'",
    };

    /// <summary>An error of this place.</summary>
    internal ContainerEngineException Error(string message) => ErrorAt(line, message);

    /// <summary>An error of another line.</summary>
    internal ContainerEngineException ErrorAt(int otherLine, string message) => TomlError.At(file, otherLine, message);
}
