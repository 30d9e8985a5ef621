using System.Collections;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Binding;

/// <summary>Routes: DESTINATION,GATEWAY[,METRIC], or a hashtable with Destination, Gateway and Metric.</summary>
internal sealed class NetworkRouteTransformationAttribute : TransformationAttribute
{
    private protected override object StandIn => new NetworkRoute[0];

    private protected override object? Convert(object? value) => value is null ? null : Flatten(value).Select(Route).ToArray();

    private static NetworkRoute Route(object value)
    {
        if (value is NetworkRoute route)
            return route;
        if (value is not IDictionary table)
            return NetworkRouteParser.Parse(value.ToString() ?? "");
        var entries = Entries(table, "a route", "Destination", "Gateway", "Metric");
        var text = $"{entries.GetValueOrDefault("Destination")},{entries.GetValueOrDefault("Gateway")}";
        return NetworkRouteParser.Parse(entries.TryGetValue("Metric", out var metric) && metric is not null ? $"{text},{metric}" : text);
    }
}
