using Podsharp.Engine.Host;
using Podsharp.Engine.Security;

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

    /// <summary>Its SELinux labels.</summary>
    public SELinuxLabels Labels { get; init; } = SELinuxLabels.None;

    /// <summary>Decides these once no other container's level can change, given all of them; null takes <see cref="Labels"/>.</summary>
    public Func<IReadOnlySet<string>, SELinuxLabels>? ChooseLabels { get; init; }
}
