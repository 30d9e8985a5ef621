using System.Text;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>A word that announces a here-document: <c>&lt;&lt;NAME</c>, <c>&lt;&lt;-NAME</c>, <c>3&lt;&lt;"NAME"</c>.</summary>
/// <param name="Name">The terminator.</param>
/// <param name="Expand">The name isn't quoted.</param>
/// <param name="StripTabs">Tabs before lines and the terminator are passed over.</param>
/// <param name="FileDescriptor">What stands before it.</param>
internal sealed record HeredocWord(string Name, bool Expand, bool StripTabs, int FileDescriptor)
{
    /// <summary>Those of an instruction's text, in order. A text with an open quote has none: it is for a shell to say what it means.</summary>
    internal static IReadOnlyList<HeredocWord> Find(string text)
    {
        if (!text.Contains("<<", StringComparison.Ordinal))
            return [];
        var words = WordSplitter.Quoted(text, '\\', out var isClosed);
        return isClosed ? [.. words.Select(Parse).OfType<HeredocWord>()] : [];
    }

    /// <summary>Whether a word announces a here-document.</summary>
    internal static bool Is(string word) => Parse(word) is not null;

    // Not a here-string (<<<), and not a lone <<, whose name would be the next word.
    private static HeredocWord? Parse(string word)
    {
        var mark = word.IndexOf("<<", StringComparison.Ordinal);
        if (mark < 0 || word.AsSpan(0, mark).IndexOfAnyExceptInRange('0', '9') >= 0 || (mark > 0 && !int.TryParse(word.AsSpan(0, mark), out _)))
            return null;
        var rest = word.AsSpan(mark + 2);
        var stripTabs = rest.StartsWith("-");
        rest = rest[(stripTabs ? 1 : 0)..];
        if (rest.IsEmpty || rest.Contains('<'))
            return null;
        var name = Unquote(rest);
        return name.Length == 0 ? null : new(name, rest.IndexOfAny("\"'\\") < 0, stripTabs, mark == 0 ? 0 : int.Parse(word.AsSpan(0, mark)));
    }

    private static string Unquote(ReadOnlySpan<char> word)
    {
        var name = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\\' && quote != '\'' && i + 1 < word.Length)
                name.Append(word[++i]);
            else if (word[i] == quote)
                quote = '\0';
            else if (quote == '\0' && word[i] is '"' or '\'')
                quote = word[i];
            else
                name.Append(word[i]);
        }
        return name.ToString();
    }
}
