using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Files;

/// <summary>A place to copy from or to, as podman-cp(1) has it: <c>[CONTAINER:]PATH</c>.</summary>
/// <param name="Container">The container's name or id; null for the host.</param>
/// <param name="Path">The path as it was written.</param>
public sealed record FileLocation(string? Container, string Path)
{
    /// <summary>Reads a location. What begins with a dot or slash is never a container's.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no path.</exception>
    public static FileLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.StartsWith('.') || text.StartsWith('/') ? -1 : text.IndexOf(':', StringComparison.Ordinal);
        var location = colon < 0 ? new FileLocation(null, text) : new FileLocation(text[..colon], text[(colon + 1)..]);
        return location.Path.Length > 0 && location.Container != "" ? location
            : throw EngineErrors.InvalidArgument($"invalid argument \"{text}\": you must specify a path", text, "write CONTAINER:PATH, or a path of this host");
    }

    /// <summary>A place on this host by its absolute path, with the ending that was written.</summary>
    public static FileLocation OnHost(string fullPath, string written)
    {
        ArgumentNullException.ThrowIfNull(fullPath);
        ArgumentNullException.ThrowIfNull(written);
        var path = FileNames.Trim(fullPath);
        return new(null, path == "/" ? "/." : path + FileNames.EndingOf(written));
    }

    /// <summary>Whether standard input or output is meant.</summary>
    public bool IsStream => Container is null && Path == "-";

    /// <summary>A host path made absolute, with its ending; a container's is for the engine to resolve.</summary>
    internal string FullPath(CallerContext caller)
    {
        if (Container is not null)
            return Path;
        var full = caller.Resolve(Path).TrimEnd('/');
        return full.Length == 0 ? "/." : full + FileNames.EndingOf(Path);
    }

    /// <summary>For messages.</summary>
    internal string Where => Container is null ? "the host" : $"container {Container}";
}
