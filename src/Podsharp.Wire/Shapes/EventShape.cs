using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>An event as <c>podman events</c> shows it.</summary>
public static class EventShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(EngineEvent item) => new WireStruct("events.Event")
        .Add("ContainerExitCode", item.ExitCode, omitEmpty: true)
        .Add("ID", item.Id, omitEmpty: true)
        .Add("Image", item.Image, omitEmpty: true)
        .Add("Name", item.Name, omitEmpty: true)
        .Add("Status", item.Status)
        .Add("UnixTime", item.Time.ToUnixTimeSeconds(), "time")
        .Add("TimeNano", (item.Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100, "timeNano")
        .Add("Type", item.Type)
        .Add("Attributes", WireMap.From(item.Attributes, nilIfEmpty: true))
        .AddMethod("Time", () => item.Time);

    /// <summary>One line for people.</summary>
    public static string Text(EngineEvent item)
    {
        var head = $"{GoText.Time(item.Time)} {item.Type} {item.Status}";
        switch (item.Type)
        {
            case "container" or "pod":
                var facts = new List<string>();
                if (item.Image.Length > 0)
                    facts.Add("image=" + item.Image);
                if (item.Name.Length > 0)
                    facts.Add("name=" + item.Name);
                facts.AddRange(item.Attributes.Select(a => $"{a.Key}={a.Value}"));
                return $"{head} {item.Id} ({string.Join(", ", facts)})";
            case "image":
                return $"{head} {item.Id} {item.Name}";
            case "system":
                return head;
            default:
                return $"{head} {(item.Name.Length > 0 ? item.Name : item.Id)}";
        }
    }
}
