using System.Text.Encodings.Web;
using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>The JSON of an artifact's manifest: OCI image-spec manifest.md, members in the order of the Go structures that others write.</summary>
internal static class ArtifactJson
{
    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: it is none, or a list of several.</exception>
    internal static ArtifactManifest Read(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            return JsonRow.Parse(json, anyCase: true, Manifest);
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the manifest of {source} can't be understood: {error.Message}", source, innerException: error);
        }
    }

    /// <summary>Writes a manifest.</summary>
    internal static byte[] Write(ArtifactManifest manifest) => JsonFields.Document(manifest, (json, item) =>
    {
        json.WriteNumber("schemaVersion", item.SchemaVersion);
        json.Field("mediaType", Written(item.MediaType));
        json.Field("artifactType", Written(item.ArtifactType));
        json.Field("config", item.Config, Descriptor);
        json.Field("layers", item.Layers, Descriptor);
        json.Field("subject", item.Subject, Descriptor);
        json.Field("annotations", Sorted(item.Annotations));
    }, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static ArtifactManifest Manifest(JsonRow row) => new()
    {
        SchemaVersion = row.Int("schemaVersion"),
        MediaType = row.Text("mediaType", ""),
        ArtifactType = row.Text("artifactType", ""),
        Config = row.Object("config", Descriptor) ?? throw new JsonException("it names no configuration"),
        Layers = [.. (row.Objects("layers", Descriptor) ?? []).Where(layer => layer is not null)],
        Subject = row.Object("subject", Descriptor),
        Annotations = row.Map("annotations") ?? EmptyDictionary.Strings,
    };

    private static ArtifactDescriptor Descriptor(JsonRow row) => new()
    {
        MediaType = row.Text("mediaType", ""),
        Digest = row.Text("digest", ""),
        Size = row.Long("size") ?? 0,
        Urls = row.Texts("urls") ?? [],
        Annotations = row.Map("annotations") ?? EmptyDictionary.Strings,
        Data = row.Text("data", ""),
        ArtifactType = row.Text("artifactType", ""),
    };

    private static void Descriptor(Utf8JsonWriter json, ArtifactDescriptor descriptor)
    {
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest);
        json.WriteNumber("size", descriptor.Size);
        json.Field("urls", descriptor.Urls.Count > 0 ? descriptor.Urls : null);
        json.Field("annotations", Sorted(descriptor.Annotations));
        json.Field("data", Written(descriptor.Data));
        json.Field("artifactType", Written(descriptor.ArtifactType));
    }

    private static string? Written(string value) => value.Length > 0 ? value : null;

    private static SortedDictionary<string, string>? Sorted(IReadOnlyDictionary<string, string> values) =>
        values.Count == 0 ? null : new SortedDictionary<string, string>(values.ToDictionary(), StringComparer.Ordinal);
}
