using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Events;

/// <summary>An event as an entry of the journal, with podman's fields.</summary>
internal static class JournalEntry
{
    /// <summary>By what podman finds events.</summary>
    internal const string Identifier = "podman";

    private const string Notice = "5";
    private const string Informational = "6";

    /// <summary>The fields of an event.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Format(EngineEvent happened)
    {
        List<(string, string)> fields =
        [
            ("MESSAGE", happened.Describe()),
            ("PRIORITY", happened.HealthStatus.Length > 0 ? Notice : Informational),
            ("SYSLOG_IDENTIFIER", Identifier),
            ("PODMAN_EVENT", happened.Status),
            ("PODMAN_TYPE", happened.Type),
            ("PODMAN_TIME", EventLine.FormatTime(happened.Time)),
        ];
        void Add(string name, string value)
        {
            if (value.Length > 0)
                fields.Add((name, value));
        }
        Add("PODMAN_NAME", happened.Name);
        Add("PODMAN_ID", happened.Id);
        Add("PODMAN_IMAGE", happened.Image);
        Add("PODMAN_POD_ID", happened.PodId);
        Add("PODMAN_NETWORK_NAME", happened.Network);
        Add("PODMAN_EXIT_CODE", happened.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "");
        Add("PODMAN_OOM_KILLED", happened.OomKilled ? "true" : "");
        Add("PODMAN_HEALTH_STATUS", happened.HealthStatus);
        Add("PODMAN_HEALTH_LOG", happened.HealthLog);
        Add("PODMAN_HEALTH_FAILING_STREAK", happened.HealthStatus.Length > 0 ? happened.HealthFailingStreak.ToString(CultureInfo.InvariantCulture) : "");
        Add("ERROR", happened.Error);
        Add("PODMAN_LABELS", happened.Attributes.Count > 0 ? Labels(happened) : "");
        return fields;
    }

    /// <summary>Reads an entry; null where it is no event.</summary>
    /// <param name="field">Gives a field of the entry, null where it has none of that name.</param>
    internal static EngineEvent? Parse(Func<string, byte[]?> field)
    {
        string Text(string name) => field(name) is { } value ? Encoding.UTF8.GetString(value) : "";
        if (Text("PODMAN_TYPE") is not { Length: > 0 } type || !EventLine.TryTime(Text("PODMAN_TIME"), out var time))
            return null;
        return new()
        {
            Type = type,
            Status = Text("PODMAN_EVENT"),
            Time = time,
            Name = Text("PODMAN_NAME"),
            Id = Text("PODMAN_ID"),
            Image = Text("PODMAN_IMAGE"),
            PodId = Text("PODMAN_POD_ID"),
            Network = Text("PODMAN_NETWORK_NAME"),
            ExitCode = Number("PODMAN_EXIT_CODE"),
            OomKilled = Text("PODMAN_OOM_KILLED") == "true",
            HealthStatus = Text("PODMAN_HEALTH_STATUS"),
            HealthLog = Text("PODMAN_HEALTH_LOG"),
            HealthFailingStreak = Number("PODMAN_HEALTH_FAILING_STREAK") ?? 0,
            Error = Text("ERROR"),
            Attributes = Labels(field("PODMAN_LABELS")),
        };

        int? Number(string name) => int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static string Labels(EngineEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            EventLine.WriteAttributes(json, happened);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static IReadOnlyDictionary<string, string> Labels(byte[]? json)
    {
        if (json is null)
            return EmptyDictionary.Strings;
        try
        {
            using var document = JsonDocument.Parse(json);
            return EventLine.ReadAttributes(document.RootElement);
        }
        catch (JsonException)
        {
            return EmptyDictionary.Strings;
        }
    }
}
