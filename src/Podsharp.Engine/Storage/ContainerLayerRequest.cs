using Podsharp.Engine.Host;

namespace Podsharp.Engine.Storage;

/// <summary>A container to be recorded with a read-write layer of its own.</summary>
internal sealed record ContainerLayerRequest
{
    /// <summary>64 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The image it starts from, or null for none (an empty root).</summary>
    public string? ImageId { get; init; }

    /// <summary>podman's form: image-name, image-id, name, created-at (seconds since 1970).</summary>
    public required string MetadataJson { get; init; }

    /// <summary>Whether the container needn't survive a power failure (--rm): nothing waits for the disk.</summary>
    public bool Volatile { get; init; }

    /// <summary>The user ids of its user namespace; empty for the host's.</summary>
    public IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    public IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>SELinux label of its files, or null.</summary>
    public string? MountLabel { get; init; }

    /// <summary>SELinux label of its processes, or null.</summary>
    public string? ProcessLabel { get; init; }
}
