using Podsharp.Engine.Host;

namespace Podsharp.Engine.Storage;

/// <summary>How a layer's blob was compressed when it was presented (the numbers of layers.json).</summary>
internal enum LayerCompression
{
    None = 0,
    Bzip2 = 1,
    Gzip = 2,
    Xz = 3,
    Zstd = 4,
}

/// <summary>A layer's record in layers.json.</summary>
internal sealed record StoredLayer : IStoreRecord
{
    /// <inheritdoc/>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <inheritdoc/>
    public required string Id { get; init; }

    /// <inheritdoc/>
    public bool IsVolatile { get; init; }

    /// <summary>Names; container layers have one.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The layer below, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The SELinux label used when mounting, or null.</summary>
    public string? MountLabel { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Digest of the blob as it was presented, or null.</summary>
    public string? CompressedDigest { get; init; }

    /// <summary>Bytes of that blob, or null.</summary>
    public long? CompressedSize { get; init; }

    /// <summary>Digest of the uncompressed tar (the DiffID), or null.</summary>
    public string? DiffDigest { get; init; }

    /// <summary>Bytes of the uncompressed tar, or null.</summary>
    public long? DiffSize { get; init; }

    /// <summary>Digest of the table of contents of a layer that was pulled in parts, or null.</summary>
    public string? TocDigest { get; init; }

    /// <summary>How the blob was compressed.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>Whether the layer is being made or removed; such a layer is rubbish.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Whether we were about to remove it with its image. It is whole, and stays if something uses it after all.</summary>
    public bool IsCondemned { get; init; }

    /// <summary>Whether its files are shifted to other owners.</summary>
    public bool IsMapped => UserMap.Count > 0;

    /// <summary>The user ids of its files: inside what they are to its containers, outside what they are in the directory. Empty: the same.</summary>
    public IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    public IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>The graph root it is in: the store's own or an additional one's.</summary>
    public string StoreRoot { get; init; } = "";

    /// <summary>The layer's directory in the overlay driver.</summary>
    internal string DirectoryPath => $"{StoreRoot}/overlay/{Id}";
}
