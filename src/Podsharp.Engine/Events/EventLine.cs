using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>One line of podman's event file: a JSON object.</summary>
internal static class EventLine
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>The line with its line end.</summary>
    internal static byte[] Format(EngineEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (happened.ExitCode is { } code) json.WriteNumber("ContainerExitCode", code);
            if (happened.OomKilled) json.WriteBoolean("OOMKilled", true);
            if (happened.Id.Length > 0) json.WriteString("ID", happened.Id);
            if (happened.Image.Length > 0) json.WriteString("Image", happened.Image);
            if (happened.Name.Length > 0) json.WriteString("Name", happened.Name);
            if (happened.Network.Length > 0) json.WriteString("network", happened.Network);
            json.WriteString("Status", happened.Status);
            json.WriteString("Time", FormatTime(happened.Time));
            json.WriteString("Type", happened.Type);
            if (happened.Error.Length > 0) json.WriteString("error", happened.Error);
            if (happened.HealthStatus.Length > 0) json.WriteString("health_status", happened.HealthStatus);
            if (happened.HealthLog.Length > 0) json.WriteString("health_log", happened.HealthLog);
            if (happened.HealthFailingStreak > 0) json.WriteNumber("health_failing_streak", happened.HealthFailingStreak);
            if (happened.PodId.Length > 0) json.WriteString("PodID", happened.PodId);
            json.WritePropertyName("Attributes");
            if (happened.Attributes.Count == 0 && happened.Type != "container")
                json.WriteNullValue();
            else
                WriteAttributes(json, happened);
            json.WriteEndObject();
        }
        var line = new byte[buffer.WrittenCount + 1];
        buffer.WrittenSpan.CopyTo(line);
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads a line; null where it is no event (cut short by a full disk, say).</summary>
    internal static EngineEvent? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !TryTime(Text(root, "Time"), out var time)) return null;
            return new EngineEvent
            {
                Type = Text(root, "Type"),
                Status = Text(root, "Status"),
                Time = time,
                Id = Text(root, "ID"),
                Name = Text(root, "Name"),
                Image = Text(root, "Image"),
                ExitCode = root.TryGetProperty("ContainerExitCode", out var code) && code.TryGetInt32(out var number) ? number : null,
                OomKilled = root.TryGetProperty("OOMKilled", out var killed) && killed.ValueKind == JsonValueKind.True,
                Network = Text(root, "network"),
                Error = Text(root, "error"),
                HealthStatus = Text(root, "health_status"),
                HealthLog = Text(root, "health_log"),
                HealthFailingStreak = root.TryGetProperty("health_failing_streak", out var streak) && streak.TryGetInt32(out var failures) ? failures : 0,
                PodId = Text(root, "PodID"),
                Attributes = root.TryGetProperty("Attributes", out var attributes) ? ReadAttributes(attributes) : EmptyDictionary.Strings,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes labels and further facts as an object.</summary>
    internal static void WriteAttributes(Utf8JsonWriter json, EngineEvent happened)
    {
        json.WriteStartObject();
        foreach (var (key, value) in happened.Attributes) json.WriteString(key, value);
        json.WriteEndObject();
    }

    /// <summary>Reads labels and further facts; what is no object has none.</summary>
    internal static IReadOnlyDictionary<string, string> ReadAttributes(JsonElement attributes) => attributes.ValueKind == JsonValueKind.Object
        ? attributes.EnumerateObject().ToDictionary(a => a.Name, a => a.Value.ToString())
        : EmptyDictionary.Strings;

    /// <summary>A time as an event has it, in Go's RFC3339Nano.</summary>
    internal static string FormatTime(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffK", CultureInfo.InvariantCulture);

    /// <summary>Reads such a time.</summary>
    // Go writes up to nine digits; a .NET time has seven.
    internal static bool TryTime(string text, out DateTimeOffset time)
    {
        var dot = text.IndexOf('.');
        if (dot > 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end - dot > 8) text = text[..(dot + 8)] + text[end..];
        }
        return DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
