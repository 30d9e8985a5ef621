using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>Where a container's output goes: the driver and what it is given, decided at the creation.</summary>
internal sealed record LogSettings
{
    // With a conmon that sets logs aside: the limit holds for the last lines, whatever was written when.
    private const int DefaultFiles = 2;

    /// <summary>The driver by podman's name.</summary>
    internal required string Driver { get; init; }

    /// <summary>The file; null for the engine's own place, and with drivers that have none.</summary>
    internal string? Path { get; init; }

    /// <summary>Bytes at which a file is set aside or cut; 0 or less for never.</summary>
    internal long SizeMaximum { get; init; }

    /// <summary>Files in all, where conmon sets them aside.</summary>
    internal int Files { get; init; }

    /// <summary>The tag in the journal, before fields are put in.</summary>
    internal string Tag { get; init; } = "";

    /// <summary>Whether conmon writes a file.</summary>
    internal static bool HasFile(string driver) => driver is "k8s-file" or "json-file";

    /// <summary>Whether the process that starts the container gives it its own streams.</summary>
    internal static bool PassesStreams(string driver) => driver is "passthrough" or "passthrough-tty";

    /// <summary>Decides.</summary>
    /// <param name="spec">What was asked for.</param>
    /// <param name="defaults">containers.conf.</param>
    /// <param name="journal">Whether this host has a journal.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument or Unsupported.</exception>
    internal static LogSettings Decide(ContainerSpec spec, ContainerDefaults defaults, bool journal)
    {
        var driver = ChooseDriver(spec.LogDriver, defaults.LogDriver, journal);
        var settings = new LogSettings { Driver = driver, Tag = driver == "journald" ? defaults.LogTag ?? "" : "" };
        if (HasFile(driver))
            settings = settings with { SizeMaximum = defaults.LogSizeMaximum, Files = DefaultFiles };
        foreach (var (name, value) in spec.LogOptions)
            settings = settings.With(name, value);
        return settings;
    }

    private LogSettings With(string name, string value)
    {
        switch (name)
        {
            case "path" or "max-size" or "max-file" when !HasFile(Driver):
                throw EngineErrors.InvalidArgument($"the log driver {Driver} has no option \"{name}\": it writes no file", name, "leave it out, or use the log driver k8s-file");
            case "tag" when Driver != "journald":
                throw EngineErrors.InvalidArgument($"the log driver {Driver} has no option \"tag\": its lines hold none", name, "leave it out, or use the log driver journald");
            case "tag":
                return this with { Tag = value };
            case "path" when value.StartsWith('/'):
                return this with { Path = value };
            case "path":
                throw EngineErrors.InvalidArgument($"the log path \"{value}\" is not an absolute path", value, "begin it with /");
            case "max-size":
                return this with { SizeMaximum = ParseSize(value) };
            case "max-file" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files > 0:
                return this with { Files = files };
            case "max-file":
                throw EngineErrors.InvalidArgument($"\"{value}\" is not a number of log files", value, "give a number from 1 on");
            default:
                throw EngineErrors.InvalidArgument($"unknown log option \"{name}\"", name, "use path, max-size, max-file, or tag with the driver journald");
        }
    }

    private static string ChooseDriver(string? asked, string? configured, bool journal)
    {
        // containers.conf is podman's, too, and may come from a host with a journal.
        var driver = !string.IsNullOrEmpty(asked) ? asked : configured is null or "" || (configured == "journald" && !journal) ? "k8s-file" : configured;
        return driver switch
        {
            "k8s-file" or "json-file" or "none" or "passthrough" or "passthrough-tty" => driver,
            "journald" when journal => driver,
            "journald" => throw EngineErrors.Unsupported("the log driver journald can't be used: systemd's journal does not run on this host", driver, "use k8s-file"),
            _ => throw EngineErrors.InvalidArgument($"invalid log driver \"{driver}\"", driver, "use k8s-file, json-file, journald, none, passthrough or passthrough-tty"),
        };
    }

    // Powers of 1000, other than podman's other sizes (docker's units.FromHumanSize).
    private static long ParseSize(string text)
    {
        var digits = text.AsSpan().Trim().TrimEnd("bBiI");
        var power = digits.Length == 0 ? 0 : char.ToLowerInvariant(digits[^1]) switch { 'k' => 1, 'm' => 2, 'g' => 3, 't' => 4, _ => 0 };
        if (power > 0)
            digits = digits[..^1];
        return double.TryParse(digits.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * Math.Pow(1000, power) is < long.MaxValue and var bytes
            ? (long)bytes
            : throw EngineErrors.InvalidArgument($"invalid size: '{text}'", text, "write a number with an optional unit: 512k, 10m");
    }
}
