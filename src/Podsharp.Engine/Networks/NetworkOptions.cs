using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Drivers and their options, as netavark knows them.</summary>
internal static class NetworkOptions
{
    private const int VlanMaximum = 4094;

    /// <summary>Checks the driver and its options, in the words in which they are kept: true and false, numbers, netavark's names for docker's.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported.</exception>
    internal static Dictionary<string, string> Read(NetworkSpec spec)
    {
        if (spec.Driver is not ("bridge" or "macvlan" or "ipvlan"))
            throw EngineErrors.Unsupported($"the network driver \"{spec.Driver}\" is not supported", spec.Driver, "use bridge, macvlan or ipvlan");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in spec.Options)
        {
            var name = key == "com.docker.network.driver.mtu" ? "mtu" : key;
            options[name] = Checked(spec.Driver, name, value);
        }
        return options;
    }

    private static string Checked(string driver, string name, string value) => (driver, name) switch
    {
        (_, "mtu") or (_, "metric") => Number(name, value, uint.MaxValue),
        (_, "no_default_route") => Flag(name, value),
        ("bridge", "vlan") => Number(name, value, VlanMaximum),
        ("bridge", "isolate") => value == "strict" ? value : Flag(name, value),
        ("bridge", "vrf") => Text(name, value),
        ("bridge", "mode") => Word(name, value, "managed", "unmanaged"),
        ("bridge", "com.docker.network.bridge.name") => Text(name, value),
        ("macvlan", "mode") => Word(name, value, "bridge", "private", "vepa", "passthru"),
        ("macvlan", "bclim") => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? value : throw Bad(name, value, "give a number"),
        ("ipvlan", "mode") => Word(name, value, "l2", "l3", "l3s"),
        ("macvlan" or "ipvlan", "parent") => Text(name, value),
        _ => throw EngineErrors.InvalidArgument($"unsupported {driver} network option {name}", name, $"use {Known(driver)}"),
    };

    private static string Known(string driver) => driver switch
    {
        "bridge" => "mtu, metric, vlan, isolate, vrf, mode, no_default_route",
        "macvlan" => "parent, mode, bclim, mtu, metric, no_default_route",
        _ => "parent, mode, mtu, metric, no_default_route",
    };

    private static string Number(string name, string value, uint maximum) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum
            ? number.ToString(CultureInfo.InvariantCulture) : throw Bad(name, value, $"give a number up to {maximum}");

    // Go's words for it.
    private static string Flag(string name, string value) => value.ToLowerInvariant() switch
    {
        "1" or "t" or "true" => "true",
        "0" or "f" or "false" => "false",
        _ => throw Bad(name, value, "use true or false"),
    };

    private static string Word(string name, string value, params string[] words) =>
        words.Contains(value) ? value : throw Bad(name, value, $"use {string.Join(", ", words)}");

    private static string Text(string name, string value) => value.Length > 0 ? value : throw Bad(name, value, "give a value");

    private static ContainerEngineException Bad(string name, string value, string remedy) =>
        EngineErrors.InvalidArgument($"invalid value \"{value}\" for the network option {name}", value, remedy);
}
