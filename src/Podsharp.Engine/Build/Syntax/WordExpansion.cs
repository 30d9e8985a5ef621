using Podsharp.Model;

namespace Podsharp.Engine.Build.Syntax;

/// <summary>Variables and quotes in an instruction's words (Dockerfile reference, "Environment replacement").</summary>
/// <remarks>Patterns are the shell's: <c>*</c> takes slashes too. Imagebuilder's don't, which makes <c>${x##*/}</c> useless there.</remarks>
internal static class WordExpansion
{
    /// <summary>The word with its variables put in and its quotes taken away.</summary>
    /// <param name="word">As it stands in the file.</param>
    /// <param name="variable">Gives a variable's value; null where it isn't set.</param>
    /// <param name="escape">The character that quotes one other.</param>
    /// <exception cref="ContainerEngineException">InvalidSubstitution: a quote or brace isn't closed, an operator isn't known, or <c>:?</c> says so.</exception>
    internal static string Expand(string word, Func<string, string?> variable, char escape) => IsPlain(word, escape) ? word
        : new WordReader(word, variable, escape).ReadAll().Text;

    /// <summary>The same, and what spaces outside of quotes separate afterwards are words of their own.</summary>
    internal static IReadOnlyList<string> ExpandWords(string word, Func<string, string?> variable, char escape) =>
        new WordReader(word, variable, escape).ReadAll().Words;

    /// <summary>A here-document with its variables put in. Quotes and escapes in it are text; an escape keeps a dollar.</summary>
    internal static string ExpandText(string text, Func<string, string?> variable, char escape) =>
        text.Contains('$') ? new WordReader(text, variable, escape) { IsText = true }.ReadAll().Text : text;

    /// <summary>The names of the variables that a word uses, those of branches not taken included.</summary>
    internal static IReadOnlyCollection<string> Variables(string word, char escape)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (!IsPlain(word, escape))
            new WordReader(word, static _ => null, escape) { Names = names }.ReadAll();
        return names;
    }

    private static bool IsPlain(string word, char escape) => word.AsSpan().IndexOfAny("$\"'") < 0 && !word.Contains(escape);
}
