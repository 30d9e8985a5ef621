using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>A place where an image is or is to go.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Path">File or directory; a registry's or the store's name of the image.</param>
/// <param name="Name">The image's name in the file or directory; null for none.</param>
internal sealed record ImagePlace(TransportKind Kind, string Path, string? Name)
{
    private const string KnownTransports = "docker://, containers-storage:, oci:, oci-archive:, docker-archive: and dir:";

    /// <summary>The name as a registry has it.</summary>
    /// <exception cref="ContainerEngineException">InvalidReference.</exception>
    internal ImageReference Reference => ImageReference.Parse(Path).WithDefaultTag();

    /// <summary>The transport's word, without a colon.</summary>
    internal string Word => Kind switch
    {
        TransportKind.Registry => "docker",
        TransportKind.Storage => "containers-storage",
        TransportKind.OciLayout => "oci",
        TransportKind.OciArchive => "oci-archive",
        TransportKind.DockerArchive => "docker-archive",
        _ => "dir",
    };

    /// <inheritdoc/>
    public override string ToString() => Kind == TransportKind.Registry ? $"docker://{Path}" : Name is null ? $"{Word}:{Path}" : $"{Word}:{Path}:{Name}";

    /// <summary>Reads what containers-transports(5) describes.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no such transport, or it names nothing. Unsupported: there is, but not here.</exception>
    internal static ImagePlace Parse(string text)
    {
        var colon = text.IndexOf(':');
        var (word, rest) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return word switch
        {
            "docker" when colon >= 0 => Registry(text, rest),
            "containers-storage" when colon >= 0 => rest is not ("" or ['[', ..]) ? new(TransportKind.Storage, rest, null)
                : throw EngineErrors.InvalidArgument($"\"{text}\" names no image of this engine's store", text, "write containers-storage:NAME; another store is chosen with --root"),
            "oci" when colon >= 0 => File(TransportKind.OciLayout, text, rest),
            "oci-archive" when colon >= 0 => File(TransportKind.OciArchive, text, rest),
            "docker-archive" when colon >= 0 => File(TransportKind.DockerArchive, text, rest),
            "dir" when colon >= 0 => CheckPath(new(TransportKind.Directory, rest, null), text),
            "docker-daemon" when colon >= 0 => throw EngineErrors.Unsupported($"{text}: images of a docker daemon can't be reached, since they are behind its API",
                text, "use an archive in between: docker save -o FILE NAME, and docker-archive:FILE here"),
            "ostree" or "sif" or "tarball" or "atomic" when colon >= 0 => throw EngineErrors.Unsupported($"{text}: places of the kind {word}: are not known here", text, $"known are {KnownTransports}"),
            _ => throw EngineErrors.InvalidArgument($"invalid image name \"{text}\", {(colon < 0 ? "expected colon-separated transport:reference" : $"unknown transport \"{word}\"")}",
                text, $"known are {KnownTransports}"),
        };
    }

    private static ImagePlace Registry(string text, string rest)
    {
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidArgument($"docker: image reference {rest} does not start with //", text, "write docker://REGISTRY/NAME");
        }
        var name = rest[2..];
        var reference = ImageReference.Parse(name);
        return reference is not { Tag: not null, Digest: not null } ? new(TransportKind.Registry, name, null)
            : throw ImageReference.Invalid(name, "a name has a tag or a digest here, not both");
    }

    /// <summary>Reads a place; a name without a word for its kind is one at a registry.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, InvalidReference, Unsupported.</exception>
    internal static ImagePlace ParseRemote(string text) => text.Contains("://", StringComparison.Ordinal) || !ImageReference.TryParse(text, out _, out _) ? Parse(text) : Registry(text, "//" + text);

    // A path can't have a colon, since a name would begin there; a name may have some.
    private static ImagePlace File(TransportKind kind, string text, string rest)
    {
        var end = rest.IndexOf(':');
        var (path, name) = end < 0 ? (rest, null) : (rest[..end], rest[(end + 1)..]);
        return CheckPath(new(kind, path, string.IsNullOrEmpty(name) ? null : name), text);
    }

    private static ImagePlace CheckPath(ImagePlace place, string text) => System.IO.Path.IsPathRooted(place.Path) ? place
        : throw EngineErrors.InvalidArgument($"\"{text}\" has no full path", text, $"write {place.Word}:/PATH");
}
