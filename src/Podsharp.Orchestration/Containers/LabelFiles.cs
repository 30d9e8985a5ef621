using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Files of labels (<c>--label-file</c>): one a line, as in a file of variables.</summary>
public static class LabelFiles
{
    /// <summary>Reads files, and adds the labels that were given by themselves, which count where both have a name.</summary>
    /// <param name="files">Name and content of each.</param>
    /// <param name="caller">The caller's environment: a name alone is a variable's, as under podman.</param>
    /// <param name="given">The other labels.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: a line is no label.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<(string Path, string Content)> files, IReadOnlyDictionary<string, string> caller,
        IReadOnlyDictionary<string, string> given)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, content) in files)
            EnvironmentParser.Parse(EnvironmentParser.ReadFile(content, path, blanks: false), caller, labels);
        foreach (var (name, value) in given)
            labels[name] = value;
        return labels;
    }
}
