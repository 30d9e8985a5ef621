using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>A path in a container as people write it, and as it is meant.</summary>
/// <param name="Absolute">The absolute path, "." and ".." taken out as podman does it: by text.</param>
/// <param name="Ending">What it ended in, which says something to those who copy: nothing, <c>/</c>, or <c>/.</c> for a directory's content.</param>
internal readonly record struct ContainerPath(string Absolute, string Ending)
{
    /// <summary>The path below the root, without a slash at its beginning; empty for the root.</summary>
    internal string Relative => Absolute[1..];

    /// <summary>Reads a path; a relative one starts at the container's working directory.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for an empty one.</exception>
    internal static ContainerPath Parse(string text, string workingDirectory)
    {
        if (text.Length == 0 || text.Contains('\0'))
            throw EngineErrors.InvalidArgument("a path in a container can't be empty", text, "the root is /");
        var absolute = Clean(text, workingDirectory);
        var ending = absolute == "/" || text == "." || text.EndsWith("/.", StringComparison.Ordinal) ? "/."
            : text.EndsWith('/') ? "/" : "";
        return new(absolute, ending);
    }

    /// <summary>Where a link in the path's last part leads, by text.</summary>
    internal ContainerPath Follow(string link) => this with { Absolute = Clean(link, Path.GetDirectoryName(Absolute) ?? "/") };

    /// <summary>The path as people would write it.</summary>
    public override string ToString() => Absolute == "/" ? "/." : Absolute + Ending;

    private static string Clean(string text, string directory)
    {
        var clean = Path.GetFullPath(text, directory.StartsWith('/') ? directory : "/" + directory).TrimEnd('/');
        return clean.Length == 0 ? "/" : clean;
    }
}
