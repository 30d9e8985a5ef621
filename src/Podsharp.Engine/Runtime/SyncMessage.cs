using System.Text.Json;

namespace Podsharp.Engine.Runtime;

/// <summary>What conmon tells over its sync pipe: <c>{"data": N, "message": "..."}</c>. A process id, an exit code, or less than 0 for an error.</summary>
internal readonly record struct SyncMessage(int Data, string? Message)
{
    /// <summary>Reads one message; null where there is none.</summary>
    internal static SyncMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("data", out var data)
                ? new SyncMessage(data.GetInt32(), document.RootElement.TryGetProperty("message", out var text) ? text.GetString() : null)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
