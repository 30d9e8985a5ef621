using System.Text.Json;
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
}

/// <summary>Reference to a blob (image-spec descriptor.md).</summary>
internal sealed record Descriptor
{
    public string MediaType { get; init; } = "";
    public string Digest { get; init; } = "";
    public long Size { get; init; }
    public IReadOnlyList<string>? Urls { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }
    public PlatformRecord? Platform { get; init; }
    public string? ArtifactType { get; init; }
}

/// <summary>Platform of an index entry (image-spec image-index.md).</summary>
internal sealed record PlatformRecord
{
    public string Os { get; init; } = "";
    public string Architecture { get; init; } = "";
    public string? Variant { get; init; }
}

/// <summary>A manifest or an index: what their JSON has in common, and the bytes it was read from, which alone are ever stored.</summary>
internal sealed record ImageManifest
{
    public int SchemaVersion { get; init; }
    public string? MediaType { get; init; }
    public string? ArtifactType { get; init; }
    public Descriptor? Config { get; init; }
    public IReadOnlyList<Descriptor>? Layers { get; init; }
    public IReadOnlyList<Descriptor>? Manifests { get; init; }
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

    private static string TypeOf(ImageManifest manifest, string? contentType)
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
