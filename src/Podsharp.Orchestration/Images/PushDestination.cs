using Podsharp.Model;

namespace Podsharp.Orchestration.Images;

/// <summary>A place to push to that is no registry: <c>TRANSPORT:PATH[:NAME]</c> (containers-transports(5)).</summary>
/// <param name="Format">What is written there.</param>
/// <param name="Path">The file or directory, as it was written.</param>
/// <param name="Name">The name that the image gets in it; null for none.</param>
public sealed record PushDestination(ImageArchiveFormat Format, string Path, string? Name)
{
    /// <summary>Reads a destination; null for one at a registry.</summary>
    /// <exception cref="ContainerEngineException">The path is missing, or nothing can be pushed to a place of this kind.</exception>
    public static PushDestination? Parse(string? text)
    {
        var colon = text?.IndexOf(':') ?? -1;
        if (colon < 0)
            return null;
        var (transport, rest) = (text![..colon], text[(colon + 1)..]);
        ImageArchiveFormat? format = transport switch
        {
            "docker-archive" => ImageArchiveFormat.DockerArchive,
            "oci-archive" => ImageArchiveFormat.OciArchive,
            "oci" => ImageArchiveFormat.OciDirectory,
            "dir" => ImageArchiveFormat.DockerDirectory,
            "docker-daemon" or "containers-storage" or "ostree" or "sif" or "tarball" => throw EngineErrors.Unsupported($"images can't be pushed to {transport}:", text,
                "push to a registry, or to docker-archive:, oci-archive:, oci: or dir:"),
            _ => null,
        };
        if (format is not { } found)
            return null;
        // A directory of the transport dir holds one image without a name, and its path may have colons.
        var (path, name) = found == ImageArchiveFormat.DockerDirectory || rest.IndexOf(':') is not (>= 0 and var end) ? (rest, null) : (rest[..end], rest[(end + 1)..]);
        return path.Length > 0 ? new PushDestination(found, path, string.IsNullOrEmpty(name) ? null : name)
            : throw EngineErrors.InvalidArgument($"the destination \"{text}\" names no path", text, $"write {transport}:PATH");
    }
}
