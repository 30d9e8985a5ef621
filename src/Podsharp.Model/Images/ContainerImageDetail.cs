namespace Podsharp.Model;

/// <summary>An image and its configuration.</summary>
public sealed record ContainerImageDetail
{
    /// <summary>The list view, with labels.</summary>
    public required ContainerImage Image { get; init; }
    /// <summary>What a container made from it gets.</summary>
    public required ImageConfig Config { get; init; }
    /// <summary>Processor architecture.</summary>
    public string Architecture { get; init; } = "";
    /// <summary>Operating system.</summary>
    public string Os { get; init; } = "";
    /// <summary>Architecture variant.</summary>
    public string Variant { get; init; } = "";
    /// <summary>Author.</summary>
    public string Author { get; init; } = "";
    /// <summary>Comment of the last history entry.</summary>
    public string Comment { get; init; } = "";
    /// <summary>Docker version that built it.</summary>
    public string DockerVersion { get; init; } = "";
    /// <summary>The manifest's media type.</summary>
    public string ManifestType { get; init; } = "";
    /// <summary>Digests of the uncompressed layers, lowest first.</summary>
    public IReadOnlyList<string> DiffIds { get; init; } = [];
    /// <summary>Layer ids in storage, lowest first.</summary>
    public IReadOnlyList<string> LayerIds { get; init; } = [];
    /// <summary>Directories of the layers, topmost first.</summary>
    public IReadOnlyList<string> LayerDirectories { get; init; } = [];
    /// <summary>How it was built, oldest first.</summary>
    public IReadOnlyList<ImageHistoryEntry> History { get; init; } = [];
    /// <summary>Manifest annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>Names it had.</summary>
    public IReadOnlyList<string> NamesHistory { get; init; } = [];
}
