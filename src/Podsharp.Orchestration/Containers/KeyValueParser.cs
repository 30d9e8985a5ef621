using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads NAME=value texts: labels, annotations, sysctls, log options.</summary>
public static class KeyValueParser
{
    /// <summary>Reads texts into a dictionary; the last one of a name counts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="what">What they are, named in the error (<c>label</c>).</param>
    /// <param name="valueNeeded">Whether NAME alone is an error; else its value is empty.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> texts, string what, bool valueNeeded = false)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=');
            if (equals == 0 || text.Length == 0 || (equals < 0 && valueNeeded))
                throw EngineErrors.InvalidArgument($"invalid {what} \"{text}\"", text, "write it as NAME=value");
            result[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
        }
        return result;
    }

    /// <summary>Reads <c>key=value</c> filters; values of the same key are gathered.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static Dictionary<string, IReadOnlyList<string>> ParseFilters(IEnumerable<string> texts)
    {
        var result = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=');
            if (equals < 1)
                throw EngineErrors.InvalidArgument($"invalid filter \"{text}\"", text, "write it as NAME=value, for example name=web");
            // "label!=x" is the filter "label!".
            var key = text[..equals];
            if (!result.TryGetValue(key, out var values))
                result[key] = values = new List<string>();
            ((List<string>)values).Add(text[(equals + 1)..]);
        }
        return result;
    }
}
