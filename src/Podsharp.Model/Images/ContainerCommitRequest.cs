namespace Podsharp.Model;

/// <summary>An image to make of a container: its image with one layer more, which holds what the container has changed.</summary>
public sealed record ContainerCommitRequest
{
    /// <summary>Name to give; none when null. A short one belongs to localhost.</summary>
    public string? Reference { get; init; }
    /// <summary>The image's author; its base's when empty.</summary>
    public string Author { get; init; } = "";
    /// <summary>A comment, which only Docker's form has room for.</summary>
    public string Message { get; init; } = "";
    /// <summary>Containerfile instructions to apply: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
    /// <summary>What goes over the container's configuration before the changes: the JSON of an image configuration's member <c>config</c>.</summary>
    public string? Configuration { get; init; }
    /// <summary>The form of manifest and configuration.</summary>
    public ImageFormat Format { get; init; }
    /// <summary>All mounts of the container become volumes of the image, not only its anonymous volumes.</summary>
    public bool IncludeVolumes { get; init; }
    /// <summary>Freezes a running container while its files are read.</summary>
    public bool Pause { get; init; }
    /// <summary>Makes one layer of all.</summary>
    public bool Squash { get; init; }
}
