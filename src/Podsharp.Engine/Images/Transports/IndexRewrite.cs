using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Lists whose images have become others by being copied. All that isn't known here stays as it is.</summary>
internal static class IndexRewrite
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list with other manifests, and perhaps in another form; the same bytes where nothing changes.</summary>
    /// <param name="index">The list.</param>
    /// <param name="copied">Its manifests as they are now, by the digests they had.</param>
    /// <param name="format">The form.</param>
    internal static CopiedManifest Apply(ImageManifest index, IReadOnlyDictionary<string, CopiedManifest> copied, ImageFormat format)
    {
        var type = MediaTypes.Index(format);
        if (index.Type == type && copied.All(pair => pair.Key == pair.Value.Digest.ToString()))
        {
            return new CopiedManifest(index.Bytes, type);
        }
        var root = JsonNode.Parse(index.Bytes)!.AsObject();
        root["mediaType"] = type;
        foreach (var entry in root["manifests"]!.AsArray().OfType<JsonObject>())
        {
            if (entry["digest"]?.GetValue<string>() is { } digest && copied.TryGetValue(digest, out var manifest))
            {
                entry["mediaType"] = manifest.Type;
                entry["size"] = manifest.Bytes.Length;
                entry["digest"] = manifest.Digest.ToString();
            }
        }
        return new CopiedManifest(Write(root), type);
    }

    /// <summary>The bytes of a list.</summary>
    internal static byte[] Write(JsonObject root)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            root.WriteTo(json);
        }
        return stream.ToArray();
    }
}
