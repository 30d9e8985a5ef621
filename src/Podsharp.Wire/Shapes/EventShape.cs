using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>An event as <c>podman events</c> shows it.</summary>
public static class EventShape
{
    /// <summary>Headings of fields whose name isn't their heading: none.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(EngineEvent item) => new WireStruct("events.Event")
        .Add("ContainerExitCode", item.ExitCode, omitEmpty: item.ExitCode is null)
        .Add("OOMKilled", item.OomKilled, omitEmpty: true)
        .Add("ID", item.Id, omitEmpty: true)
        .Add("Image", item.Image, omitEmpty: true)
        .Add("Name", item.Name, omitEmpty: true)
        .Add("Network", item.Network, "network", omitEmpty: true)
        .Add("Status", item.Status)
        .Add("UnixTime", item.Time.ToUnixTimeSeconds(), "time")
        .Add("TimeNano", (item.Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100, "timeNano")
        .Add("Type", item.Type)
        .Add("HealthStatus", item.HealthStatus, "health_status", omitEmpty: true)
        .Add("Error", item.Error, omitEmpty: true)
        .Add("Attributes", WireMap.From(item.Attributes, nilIfEmpty: item.Type is not ("container" or "pod")))
        .AddMethod("Time", () => item.Time);

    /// <summary>One line for people.</summary>
    /// <param name="item">The event.</param>
    /// <param name="whole">Whether ids are shown whole, not only the first 12 characters.</param>
    public static string Text(EngineEvent item, bool whole = true)
    {
        var id = whole || item.Id.Length <= 12 ? item.Id : item.Id[..12];
        var head = $"{GoText.Time(item.Time)} {item.Type} {item.Status}";
        switch (item.Type)
        {
            case "container" or "pod":
                var facts = new List<string>();
                facts.Add("image=" + item.Image);
                facts.Add("name=" + item.Name);
                if (item.Status == "health_status")
                    facts.AddRange([$"health_status={item.HealthStatus}", $"health_failing_streak={item.HealthFailingStreak}", $"health_log={item.HealthLog}"]);
                facts.AddRange(item.Attributes.Select(a => $"{a.Key}={a.Value}"));
                return $"{head} {id} ({string.Join(", ", facts)})";
            case "image":
                return $"{head} {id} {item.Name}{(item.Error.Length > 0 ? " " + item.Error : "")}";
            case "network" when item.Status is "create" or "remove":
                return $"{head} {item.Id} (name={item.Network}, type={item.Attributes.GetValueOrDefault("driver", "")})";
            case "network":
                return $"{head} {id} (container={id}, name={item.Network})";
            case "secret":
                return $"{head} {id}";
            default:
                return item.Name.Length > 0 ? $"{head} {item.Name}" : head;
        }
    }
}
