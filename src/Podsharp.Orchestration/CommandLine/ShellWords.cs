using System.Text;
using Podsharp.Model;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>Takes a command line apart as a shell does, without doing anything else that a shell does.</summary>
public static class ShellWords
{
    /// <summary>Words between blanks; quotes and backslashes keep blanks, double quotes leave backslashes their meaning before <c>"</c> and <c>\</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a quote isn't closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && IsEscape(quote, text[i + 1]))
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is ('"' or '\''))
            {
                (quote, isWord) = (c, true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }
        if (quote != '\0')
            throw EngineErrors.InvalidArgument($"a quote is not closed in: {text}", text, $"add a {quote}");
        if (isWord)
            words.Add(word.ToString());
        return words;
    }

    private static bool IsEscape(char quote, char next) => quote == '\0' || (quote == '"' && next is ('"' or '\\'));
}
