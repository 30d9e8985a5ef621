using Podsharp.Engine.Host;

namespace Podsharp.Engine.Storage;

/// <summary>A container's record in containers.json: ours, podman's, buildah's or another tool's.</summary>
internal sealed record StoredContainer : IStoreRecord
{
    /// <inheritdoc/>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public bool IsVolatile { get; init; }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The image, or null.</summary>
    public string? ImageId { get; init; }

    /// <summary>The read-write layer.</summary>
    public required string LayerId { get; init; }

    /// <summary>The owner's JSON text. podman's: image-name, image-id, name, created-at.</summary>
    public string? Metadata { get; init; }

    /// <summary>The user ids of its user namespace; empty for none of its own.</summary>
    public IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    public IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset Created { get; init; }
}
