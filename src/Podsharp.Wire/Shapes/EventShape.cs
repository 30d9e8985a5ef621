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
        .Add("PodID", item.PodId, omitEmpty: true)
        .Add("Attributes", WireMap.From(item.Attributes, nilIfEmpty: item.Type != "container"))
        .AddMethod("Time", () => item.Time);

    /// <summary>One line for people.</summary>
    /// <param name="item">The event.</param>
    /// <param name="whole">Whether ids are shown whole, not only the first 12 characters.</param>
    public static string Text(EngineEvent item, bool whole = true) => $"{GoText.Time(item.Time)} {item.Describe(whole)}";
}
