using System.Collections;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Pump;

/// <summary>Text files of the session's host that parameters name.</summary>
internal static class TextFile
{
    /// <summary>A file's content.</summary>
    /// <exception cref="ContainerEngineException">NotFound: it can't be read.</exception>
    internal static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "FileNotReadable", $"the file \"{path}\" can't be read", path, "check the path", error);
        }
    }

    /// <summary>The labels of files, and those given, which count where both have a name.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument: a line is no label.</exception>
    internal static IReadOnlyDictionary<string, string> Labels(IEnumerable<string> paths, Hashtable? given) =>
        LabelFiles.Read(paths.Select(path => (path, Read(path))), SpecCmdlet.SessionVariables(), DictionaryTransformationAttribute.ToStrings(given));
}
