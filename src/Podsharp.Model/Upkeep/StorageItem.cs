namespace Podsharp.Model;

/// <summary>The space that one thing takes.</summary>
public sealed record StorageItem
{
    /// <summary>What it is.</summary>
    public required StorageKind Kind { get; init; }
    /// <summary>Its id; a volume's name.</summary>
    public required string Id { get; init; }
    /// <summary>Its name; empty for an image without one. An image with several names is listed once for each.</summary>
    public string Name { get; init; } = "";
    /// <summary>Bytes. An image's layers and data; a container's own layer; a volume's files.</summary>
    public long Size { get; init; }
    /// <summary>Of an image: bytes that other images use, too.</summary>
    public long SharedSize { get; init; }
    /// <summary>Bytes that it alone uses.</summary>
    public long UniqueSize { get; init; }
    /// <summary>How many containers use it; of a container, how many volumes it uses.</summary>
    public int Links { get; init; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>A container's image (its id).</summary>
    public string ImageId { get; init; } = "";
    /// <summary>A container's command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
    /// <summary>A container's state.</summary>
    public ContainerState? State { get; init; }
    /// <summary>The first 12 characters of the id; a volume's whole name.</summary>
    public string ShortId => Kind != StorageKind.Volume && Id.Length > 12 ? Id[..12] : Id;
    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : Id;
}
