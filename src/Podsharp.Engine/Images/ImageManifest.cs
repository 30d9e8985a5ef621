using System.Text.Json;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Media types of manifests, configurations and layers: OCI image-spec media-types.md and Docker's schema 2.</summary>
internal static class MediaTypes
{
    internal const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    internal const string OciIndex = "application/vnd.oci.image.index.v1+json";
    internal const string OciConfig = "application/vnd.oci.image.config.v1+json";
    internal const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    internal const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    internal const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    internal const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    internal const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";
    private const string EncryptedSuffix = "+encrypted";
    private const string OciForeignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private const string DockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /// <summary>All types of manifest that can be read. A registry answers 404 for an index it wasn't asked for, so a request
    /// names them all.</summary>
    internal static IReadOnlyList<string> Manifests { get; } = [OciManifest, OciIndex, DockerManifest, DockerList];

    /// <summary>Whether this is an index (Docker: manifest list).</summary>
    internal static bool IsIndex(string type) => type is OciIndex or DockerList;

    /// <summary>Whether this is an image's configuration. An artifact (signature, chart, ...) has another type.</summary>
    internal static bool IsConfig(string type) => type is OciConfig or DockerConfig;

    /// <summary>Whether blobs of this type are layers that can be unpacked. Compression is found by the magic bytes, since the
    /// type is not always true.</summary>
    internal static bool IsLayer(string type) => type.StartsWith("application/vnd.oci.image.layer.", StringComparison.Ordinal) ||
        type.StartsWith("application/vnd.docker.image.rootfs.", StringComparison.Ordinal);

    /// <summary>Whether blobs of this type are zstd, by the type's word.</summary>
    internal static bool IsZstd(string type) => type.EndsWith("+zstd", StringComparison.Ordinal) || type.EndsWith(".zstd", StringComparison.Ordinal);

    /// <summary>How blobs of this type are compressed, by the type's word.</summary>
    internal static LayerCompression CompressionOf(string type) => IsZstd(type) ? LayerCompression.Zstd
        : type.EndsWith("gzip", StringComparison.Ordinal) ? LayerCompression.Gzip
        : LayerCompression.None;

    /// <summary>Whether a layer of this type is to be had at addresses of its own, and not to be given away.</summary>
    internal static bool IsForeign(string type) => type.StartsWith(OciForeignLayer, StringComparison.Ordinal) ||
        type.StartsWith(DockerForeignLayer, StringComparison.Ordinal);

    /// <summary>Whether blobs of this type are encrypted (ocicrypt, spec.md).</summary>
    internal static bool IsEncrypted(string type) => type.EndsWith(EncryptedSuffix, StringComparison.Ordinal);

    /// <summary>The type of a layer when it is encrypted.</summary>
    internal static string Encrypted(string type) => type + EncryptedSuffix;

    /// <summary>What an encrypted layer's type is without its encryption, in OCI's form.</summary>
    internal static string Decrypted(string type) => ConvertLayer(type[..^EncryptedSuffix.Length], ImageFormat.Oci);

    /// <summary>The form that a manifest's type belongs to.</summary>
    internal static ImageFormat FormatOf(string manifestType) => manifestType is DockerManifest or DockerList ? ImageFormat.Docker : ImageFormat.Oci;

    /// <summary>The type of an image's manifest.</summary>
    internal static string Manifest(ImageFormat format) => format == ImageFormat.Docker ? DockerManifest : OciManifest;

    /// <summary>The type of a list.</summary>
    internal static string Index(ImageFormat format) => format == ImageFormat.Docker ? DockerList : OciIndex;

    /// <summary>The form that a layer's type belongs to.</summary>
    internal static ImageFormat FormatOfLayer(string type) => type.StartsWith("application/vnd.docker.", StringComparison.Ordinal) ? ImageFormat.Docker : ImageFormat.Oci;

    /// <summary>The type of a layer.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: Docker's form knows no zstd.</exception>
    internal static string Layer(ImageFormat format, LayerCompression compression) => Layer(format, compression, foreign: false);

    /// <summary>The type that corresponds to a layer's in the other form.</summary>
    /// <exception cref="ContainerEngineException">Unsupported: Docker's form knows no zstd, and nothing encrypted.</exception>
    internal static string ConvertLayer(string type, ImageFormat format) => !IsEncrypted(type) ? Layer(format, CompressionOf(type), IsForeign(type))
        : format == ImageFormat.Oci ? Encrypted(Decrypted(type))
        : throw EngineErrors.Unsupported("images in Docker's form have no encrypted layers", null, "choose the OCI form, or decrypt them");

    private static string Layer(ImageFormat format, LayerCompression compression, bool foreign) => (format, compression) switch
    {
        (ImageFormat.Oci, LayerCompression.None) => foreign ? OciForeignLayer : OciLayer,
        (ImageFormat.Oci, LayerCompression.Gzip) => (foreign ? OciForeignLayer : OciLayer) + "+gzip",
        (ImageFormat.Oci, LayerCompression.Zstd) => (foreign ? OciForeignLayer : OciLayer) + "+zstd",
        (ImageFormat.Docker, LayerCompression.None) => foreign ? DockerForeignLayer : DockerLayer,
        (ImageFormat.Docker, LayerCompression.Gzip) => (foreign ? DockerForeignLayer : DockerLayer) + ".gzip",
        _ => throw EngineErrors.Unsupported($"images in {(format == ImageFormat.Docker ? "Docker's" : "OCI's")} form have no layers compressed with {compression.ToString().ToLowerInvariant()}",
            null, "choose gzip, or the OCI form"),
    };
}

/// <summary>Reference to a blob (image-spec descriptor.md).</summary>
internal sealed record Descriptor
{
    public string MediaType { get; init; } = "";
    public string Digest { get; init; } = "";
    public long Size { get; init; }
    public IReadOnlyList<string>? Urls { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }
    public string? Data { get; init; }
    public PlatformRecord? Platform { get; init; }
    public string? ArtifactType { get; init; }
}

/// <summary>Platform of an index entry (image-spec image-index.md).</summary>
internal sealed record PlatformRecord
{
    public string Os { get; init; } = "";
    public string Architecture { get; init; } = "";
    public string? OsVersion { get; init; }
    public IReadOnlyList<string>? OsFeatures { get; init; }
    public string? Variant { get; init; }

    /// <summary>Features of the processor, which Docker's lists alone have.</summary>
    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>A manifest or an index: what their JSON has in common, and the bytes it was read from, which alone are ever stored.</summary>
internal sealed record ImageManifest
{
    private const long LargestConfig = 16 * 1024 * 1024;

    public int SchemaVersion { get; init; }
    public string? MediaType { get; init; }
    public string? ArtifactType { get; init; }
    public Descriptor? Config { get; init; }
    public IReadOnlyList<Descriptor>? Layers { get; init; }
    public IReadOnlyList<Descriptor>? Manifests { get; init; }
    public Descriptor? Subject { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }

    /// <summary>The exact bytes.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Whether it lists manifests rather than layers.</summary>
    public bool IsIndex => Manifests is not null && Config is null;

    /// <summary>The media type: the member, else what the registry said, else by shape.</summary>
    public string Type { get; init; } = "";

    /// <summary>Reads a manifest or an index.</summary>
    /// <param name="bytes">The exact bytes.</param>
    /// <param name="contentType">What the registry called it, if anything.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is none. Unsupported: it is of schema 1.</exception>
    internal static ImageManifest Parse(byte[] bytes, string? contentType, string source)
    {
        ImageManifest manifest;
        try
        {
            manifest = ImageJson.ReadManifest(bytes);
        }
        catch (JsonException error)
        {
            throw Corrupt(source, "is not valid JSON", error);
        }
        if (manifest.SchemaVersion == 1)
        {
            throw new ContainerEngineException(ErrorKind.Unsupported, "ManifestSchema1",
                $"{source} is a manifest of Docker's schema 1, which is obsolete", source, "push the image again with a current tool");
        }
        if (manifest is { Config: null, Manifests: null })
        {
            throw Corrupt(source, "is neither an image nor an index", null);
        }
        if ((manifest.Layers ?? []).Concat(manifest.Manifests ?? []).Any(descriptor => descriptor is null))
        {
            throw Corrupt(source, "has an empty entry", null);
        }
        return manifest with { Bytes = bytes, Type = TypeOf(manifest, contentType) };
    }

    /// <summary>Checks that it describes a container image, and that it can be true.</summary>
    /// <exception cref="ContainerEngineException">Unsupported for an artifact; DataCorrupt.</exception>
    internal void CheckImage(string source)
    {
        var (config, layers) = (Config!, Layers ?? []);
        if (!MediaTypes.IsConfig(config.MediaType) || layers.Any(layer => !MediaTypes.IsLayer(layer.MediaType)))
        {
            var type = ArtifactType is { Length: > 0 } artifact ? artifact : config.MediaType;
            throw new ContainerEngineException(ErrorKind.Unsupported, "NotAnImage",
                $"{source} is not a container image but an artifact of the type {type}", source, "artifacts can't be run");
        }
        if (config.Size is <= 0 or > LargestConfig || layers.Any(layer => layer.Size < 0))
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the manifest of {source} has impossible sizes", source);
        }
        foreach (var descriptor in layers.Append(config))
        {
            _ = ContentDigest.Parse(descriptor.Digest, $"the manifest of {source}");
        }
    }

    /// <summary>A manifest's type: what it says itself, else what it came as, else what it looks like.</summary>
    internal static string TypeOf(ImageManifest manifest, string? contentType)
    {
        if (manifest.MediaType is { Length: > 0 } type)
        {
            return type;
        }
        if (contentType is not null && MediaTypes.Manifests.Contains(contentType))
        {
            return contentType;
        }
        return manifest.IsIndex ? MediaTypes.OciIndex
            : manifest.Config?.MediaType == MediaTypes.DockerConfig ? MediaTypes.DockerManifest
            : MediaTypes.OciManifest;
    }

    private static ContainerEngineException Corrupt(string source, string problem, Exception? cause) =>
        new(ErrorKind.DataCorrupt, "InvalidManifest", $"the manifest of {source} {problem}", source, innerException: cause);
}
