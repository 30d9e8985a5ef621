namespace Podsharp.Model;

/// <summary>What a list of images says about one of them, or about an artifact that it names.</summary>
public sealed record ContainerManifestImage
{
    /// <summary>The list: its id, or its name at a registry.</summary>
    public string Manifest { get; init; } = "";
    /// <summary>Digest of the image's manifest.</summary>
    public required string Digest { get; init; }
    /// <summary>Bytes of that manifest.</summary>
    public long Size { get; init; }
    /// <summary>The manifest's media type.</summary>
    public string MediaType { get; init; } = "";
    /// <summary>Operating system; empty where the list doesn't say.</summary>
    public string Os { get; init; } = "";
    /// <summary>Processor architecture; empty where the list doesn't say.</summary>
    public string Architecture { get; init; } = "";
    /// <summary>Variant of the architecture.</summary>
    public string Variant { get; init; } = "";
    /// <summary>Version of the operating system.</summary>
    public string OsVersion { get; init; } = "";
    /// <summary>Features of the operating system that the image needs.</summary>
    public IReadOnlyList<string> OsFeatures { get; init; } = [];
    /// <summary>Features of the processor that the image needs; Docker's lists alone have them.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
    /// <summary>Annotations of the entry.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyDictionary.Strings;
    /// <summary>The type of artifact that it is; empty for an image.</summary>
    public string ArtifactType { get; init; } = "";
    /// <summary>Addresses where it can be had.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
    /// <summary>Content of the entry in the list itself, in base64; empty for none.</summary>
    public string Data { get; init; } = "";
    /// <summary>Where the image is (<c>docker://…</c>, <c>containers-storage:…</c>); empty where nothing but the list itself tells.</summary>
    public string Source { get; init; } = "";
    /// <summary>Operating system, architecture and variant: <c>linux/arm/v7</c>; empty where the list doesn't say.</summary>
    public string Platform => Architecture.Length > 0 || Os.Length > 0 ? new ImagePlatform(Os, Architecture, Variant).ToString() : "";
    /// <inheritdoc/>
    public override string ToString() => Digest;
}
