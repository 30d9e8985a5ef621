using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Puts variables into a text as a Containerfile does: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-otherwise}</c>, <c>${NAME:+if}</c>, quotes,
/// and a backslash before a dollar that is meant as one.</summary>
internal static class VariableExpansion
{
    /// <summary>Expands a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variable">Gives a variable's value; null where there is none, which counts as empty.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: a brace or quote is not closed.</exception>
    internal static string Expand(string text, Func<string, string?> variable)
    {
        var result = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is '\'' or '"' && (quote == '\0' || quote == letter))
                quote = quote == '\0' ? letter : '\0';
            else if (letter == '\\' && quote != '\'' && at + 1 < text.Length)
                result.Append(text[++at]);
            else if (letter == '$' && quote != '\'')
                result.Append(Variable(text, ref at, variable));
            else
                result.Append(letter);
        }
        return quote == '\0' ? result.ToString() : throw Unclosed(text);
    }

    // At the dollar; leaves the place at the last character that belongs to the variable.
    private static string Variable(string text, ref int at, Func<string, string?> variable)
    {
        if (at + 1 < text.Length && text[at + 1] == '{')
        {
            var end = ClosingBrace(text, at + 2);
            var inner = text[(at + 2)..end];
            at = end;
            return Braced(inner, variable);
        }
        var stop = at + 1;
        while (stop < text.Length && (text[stop] == '_' || char.IsAsciiLetterOrDigit(text[stop])))
            stop++;
        var name = text[(at + 1)..stop];
        at = stop - 1;
        return name.Length == 0 ? "$" : variable(name) ?? "";
    }

    private static string Braced(string inner, Func<string, string?> variable)
    {
        var colon = inner.IndexOf(':', StringComparison.Ordinal);
        var value = variable(colon < 0 ? inner : inner[..colon]) ?? "";
        if (colon < 0)
            return value;
        var word = inner.Length > colon + 2 ? inner[(colon + 2)..] : "";
        return inner[(colon + 1)..] switch
        {
            ['-', ..] => value.Length > 0 ? value : Expand(word, variable),
            ['+', ..] => value.Length > 0 ? Expand(word, variable) : "",
            _ => throw EngineErrors.InvalidArgument($"unsupported modifier in substitution \"{inner}\"", inner, "use :- or :+"),
        };
    }

    private static int ClosingBrace(string text, int from)
    {
        for (int at = from, depth = 1; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return at;
        }
        throw Unclosed(text);
    }

    private static ContainerEngineException Unclosed(string text) =>
        EngineErrors.InvalidArgument($"unable to process variables in \"{text}\": a brace or quote is not closed", text, "close it, or put a backslash before it");
}
