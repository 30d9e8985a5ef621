using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Podsharp.Engine.Runtime;

/// <summary>Generated writers of config.json.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(OciSpec))]
internal sealed partial class OciSpecJson : JsonSerializerContext
{
    /// <summary>The document, indented where a person is to read it.</summary>
    internal static byte[] Serialize(OciSpec spec, bool indented = false)
    {
        using var stream = new MemoryStream(32768);
        // Runtimes read UTF-8: no need to escape what HTML would.
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented }))
            JsonSerializer.Serialize(writer, spec, Default.OciSpec);
        return stream.ToArray();
    }
}
