using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads environment variables as <c>--env</c> and <c>--env-file</c> take them.</summary>
public static class EnvironmentParser
{
    /// <summary>Adds variables: <c>NAME=value</c>, <c>NAME</c> (the caller's, if it has one), <c>NAME*</c> (all of the caller's that begin so).</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="caller">The caller's environment.</param>
    /// <param name="target">Where they go; later ones replace earlier ones.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for an empty name.</exception>
    public static void Parse(IEnumerable<string> texts, IReadOnlyDictionary<string, string> caller, IDictionary<string, string> target)
    {
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=');
            if (equals == 0 || text.Length == 0)
                throw EngineErrors.InvalidArgument($"invalid environment variable \"{text}\"", text, "write it as NAME=value, NAME or NAME*");
            if (equals > 0)
                target[text[..equals]] = text[(equals + 1)..];
            else if (text.EndsWith('*'))
                foreach (var (name, value) in caller.Where(v => v.Key.StartsWith(text[..^1], StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal))
                    target[name] = value;
            else if (caller.TryGetValue(text, out var own))
                target[text] = own;
        }
    }

    /// <summary>Takes a file of variables or labels apart: one a line, blank lines and those that begin with # left out.</summary>
    /// <param name="content">The file's text.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <param name="blanks">Whether a name may have blanks in it: as under podman a variable's may, a label's may not.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for a name with blanks, or none.</exception>
    public static IEnumerable<string> ReadFile(string content, string path, bool blanks = true)
    {
        foreach (var raw in content.Split('\n'))
        {
            var line = raw.TrimStart().TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
                continue;
            var equals = line.IndexOf('=');
            var name = equals < 0 ? line : line[..equals];
            if (equals == 0)
                throw EngineErrors.InvalidArgument($"parsing file \"{path}\": invalid variable: \"{line}\"", path, "write each line as NAME=value");
            if (!blanks && name.Any(char.IsWhiteSpace))
                throw EngineErrors.InvalidArgument($"label \"{name}\" in {path} has blanks", path, "write each line as NAME=value");
            yield return line;
        }
    }
}
