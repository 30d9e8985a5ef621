using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads routes: <c>DESTINATION,GATEWAY[,METRIC]</c>.</summary>
public static class NetworkRouteParser
{
    /// <summary>Reads a route.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static NetworkRoute Parse(string text)
    {
        var parts = text.Split(',');
        if (parts.Length is < 2 or > 3)
            throw EngineErrors.InvalidArgument($"invalid route: {text}", text, "write it as DESTINATION,GATEWAY or DESTINATION,GATEWAY,METRIC, as in 10.9.0.0/16,10.89.0.5,200");
        if (parts.Length == 2)
            return new(parts[0], parts[1]);
        return uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var metric) ? new(parts[0], parts[1], metric)
            : throw EngineErrors.InvalidArgument($"invalid route metric {parts[2]}", text, "give a number");
    }
}
