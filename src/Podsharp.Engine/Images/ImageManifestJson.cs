using System.Text.Encodings.Web;
using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Writes the manifests of images: members in the order and spacing of the Go structures that all others use, so that the same image
/// gets the same bytes, and so the same digest, whoever writes them.</summary>
internal static class ImageManifestJson
{
    /// <summary>A manifest.</summary>
    /// <param name="format">Which form.</param>
    /// <param name="config">The configuration; its media type is set to the form's.</param>
    /// <param name="layers">The layers, lowest first, with media types of that form.</param>
    /// <param name="annotations">Annotations of the image; Docker's form has none.</param>
    internal static byte[] Write(ImageFormat format, Descriptor config, IReadOnlyList<Descriptor> layers, IReadOnlyDictionary<string, string>? annotations = null) =>
        format == ImageFormat.Docker ? WriteDocker(config, layers) : WriteOci(config, layers, annotations);

    /// <summary>An index of manifests in OCI form.</summary>
    internal static byte[] WriteIndex(IReadOnlyList<Descriptor> manifests) => JsonFields.Document(manifests, (json, items) =>
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.OciIndex);
        json.Field("manifests", items, WriteOciDescriptor);
    }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>A list that people work on, in OCI's form.</summary>
    internal static byte[] WriteList(ImageManifest list) => JsonFields.Document(list, (json, index) =>
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.OciIndex);
        json.Field("artifactType", NotEmpty(index.ArtifactType));
        json.Field("manifests", index.Manifests, WriteOciDescriptor);
        json.Field("subject", index.Subject, WriteOciDescriptor);
        json.Field("annotations", Sorted(index.Annotations));
    }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>The same in Docker's form, which has no annotations. An empty list is null there, as podman writes it.</summary>
    internal static byte[] WriteDockerList(ImageManifest list) => JsonFields.Document(list, (json, index) =>
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.DockerList);
        if (index.Manifests is { Count: > 0 } manifests)
        {
            json.Field("manifests", manifests, WriteDockerEntry);
            return;
        }
        json.WriteNull("manifests");
    }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static void WriteDockerEntry(Utf8JsonWriter json, Descriptor entry)
    {
        WriteDockerDescriptor(json, entry);
        json.Field("platform", entry.Platform ?? new(), (writer, platform) =>
        {
            WritePlatform(writer, platform);
            writer.Field("features", NotEmpty(platform.Features));
        });
    }

    private static byte[] WriteOci(Descriptor config, IReadOnlyList<Descriptor> layers, IReadOnlyDictionary<string, string>? annotations) =>
        JsonFields.Document(layers, (json, items) =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.OciManifest);
            json.Field("config", config with { MediaType = MediaTypes.OciConfig }, WriteOciDescriptor);
            json.Field("layers", items, WriteOciDescriptor);
            json.Field("annotations", Sorted(annotations));
        }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static byte[] WriteDocker(Descriptor config, IReadOnlyList<Descriptor> layers) =>
        JsonFields.Document(layers, (json, items) =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", MediaTypes.DockerManifest);
            json.Field("config", config with { MediaType = MediaTypes.DockerConfig, Urls = null }, WriteDockerDescriptor);
            json.Field("layers", items, WriteDockerDescriptor);
        }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    // The two forms differ in the order of size and digest, too.
    private static void WriteDockerDescriptor(Utf8JsonWriter json, Descriptor descriptor)
    {
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteNumber("size", descriptor.Size);
        json.WriteString("digest", descriptor.Digest);
        json.Field("urls", descriptor.Urls);
    }

    private static void WriteOciDescriptor(Utf8JsonWriter json, Descriptor descriptor)
    {
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest);
        json.WriteNumber("size", descriptor.Size);
        json.Field("urls", descriptor.Urls);
        json.Field("annotations", Sorted(descriptor.Annotations));
        json.Field("data", descriptor.Data);
        json.Field("platform", descriptor.Platform, WritePlatform);
        json.Field("artifactType", descriptor.ArtifactType);
    }

    private static void WritePlatform(Utf8JsonWriter json, PlatformRecord platform)
    {
        json.WriteString("architecture", platform.Architecture);
        json.WriteString("os", platform.Os);
        json.Field("os.version", NotEmpty(platform.OsVersion));
        json.Field("os.features", NotEmpty(platform.OsFeatures));
        json.Field("variant", NotEmpty(platform.Variant));
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static IReadOnlyList<string>? NotEmpty(IReadOnlyList<string>? values) => values is null or { Count: 0 } ? null : values;

    private static SortedDictionary<string, string>? Sorted(IReadOnlyDictionary<string, string>? values) =>
        values is null or { Count: 0 } ? null : new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal);
}
