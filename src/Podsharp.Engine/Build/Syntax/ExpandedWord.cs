using System.Text;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>A word as it grows: its text, the same as a pattern, and the words that unquoted spaces make of it.</summary>
internal sealed class ExpandedWord
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _pattern = new();
    private readonly StringBuilder _word = new();
    private readonly List<string> _words = [];

    internal string Text => _text.ToString();

    /// <summary>The text with what was quoted marked, so that a quoted star is one.</summary>
    internal string Pattern => _pattern.ToString();

    internal IReadOnlyList<string> Words
    {
        get
        {
            EndWord();
            return _words;
        }
    }

    /// <summary>Text of which spaces separate words: as written, or a variable's value.</summary>
    internal void Add(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        _pattern.Append(text);
        foreach (var letter in text)
        {
            if (char.IsWhiteSpace(letter))
                EndWord();
            else
                _word.Append(letter);
        }
    }

    /// <summary>Text that stands for itself.</summary>
    internal void AddQuoted(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        _word.Append(text);
        foreach (var letter in text)
        {
            if (letter is '*' or '?' or '[' or '\\')
                _pattern.Append('\\');
            _pattern.Append(letter);
        }
    }

    private void EndWord()
    {
        if (_word.Length > 0)
            _words.Add(_word.ToString());
        _word.Clear();
    }
}
