using System.Text.Json;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Cuts an instruction's text into words, which keep their quotes.</summary>
internal static class WordSplitter
{
    /// <summary>What may stand between words.</summary>
    internal static ReadOnlySpan<char> Blanks => [' ', '\t', '\v', '\f', '\r'];

    /// <summary>Words between blanks, whatever quotes say.</summary>
    internal static IReadOnlyList<string> AtBlanks(string text) => text.Split([' ', '\t', '\v', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Words between blanks that no quote or escape protects.</summary>
    /// <param name="text">The text.</param>
    /// <param name="escape">What protects the next character.</param>
    /// <param name="isClosed">False if a quote has no end.</param>
    internal static IReadOnlyList<string> Quoted(string text, char escape, out bool isClosed)
    {
        var words = new List<string>();
        var start = -1;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Take(i);
                continue;
            }
            start = start < 0 ? i : start;
            if (letter == escape && quote != '\'')
                i++;
            else if (letter == quote)
                quote = '\0';
            else if (quote == '\0' && letter is '"' or '\'')
                quote = letter;
        }
        Take(text.Length);
        isClosed = quote == '\0';
        return words;

        void Take(int end)
        {
            if (start >= 0)
                words.Add(text[start..end]);
            start = -1;
        }
    }

    /// <summary>The strings of a JSON list; null if the text isn't one. What follows the list makes it text for a shell:
    /// <c>["a"] &amp;&amp; b</c>.</summary>
    /// <exception cref="JsonException">It is a list, of other things than strings.</exception>
    internal static IReadOnlyList<string>? JsonList(string text)
    {
        if (!text.StartsWith('['))
            return null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
        using (document)
        {
            var items = document.RootElement.EnumerateArray().ToArray();
            return Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String) ? [.. items.Select(item => item.GetString()!)]
                : throw new JsonException("a list may hold nothing but strings");
        }
    }
}
