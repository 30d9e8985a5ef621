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
        json.Field("platform", descriptor.Platform, (writer, platform) =>
        {
            writer.WriteString("architecture", platform.Architecture);
            writer.WriteString("os", platform.Os);
            writer.Field("variant", platform.Variant);
        });
        json.Field("artifactType", descriptor.ArtifactType);
    }

    private static SortedDictionary<string, string>? Sorted(IReadOnlyDictionary<string, string>? values) =>
        values is null or { Count: 0 } ? null : new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal);
}
