using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Views;

/// <summary>Words for the table and list views (formats/Podsharp.format.ps1xml).</summary>
public static class Display
{
    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB"];
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>A size on disk or of a transfer with three digits and a decimal unit, as podman and docker print it: 17.3 MB.</summary>
    public static string Size(long bytes) => Scale(bytes, 1000, DecimalUnits);

    /// <summary>A size of memory with three digits and a binary unit, as limits are written: -Memory 512mb is 512 MiB.</summary>
    public static string Memory(long bytes) => Scale(bytes, 1024, BinaryUnits);

    /// <summary>A duration in its largest unit: 12s, 5m, 3h, 2d, 6w, 4mo, 2y.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalSeconds: < 100 } => $"{(int)span.TotalSeconds}s",
        { TotalMinutes: < 100 } => $"{(int)span.TotalMinutes}m",
        { TotalHours: < 48 } => $"{(int)span.TotalHours}h",
        { TotalDays: < 14 } => $"{(int)span.TotalDays}d",
        { TotalDays: < 61 } => $"{(int)(span.TotalDays / 7)}w",
        { TotalDays: < 730 } => $"{(int)(span.TotalDays / 30.44)}mo",
        _ => $"{(int)(span.TotalDays / 365.25)}y",
    };

    /// <summary>How long ago something was; empty for never.</summary>
    public static string Age(DateTimeOffset? time) => time is { } known && known.Year > 1 ? Duration(DateTimeOffset.UtcNow - known) : "";

    /// <summary>A container's state with what matters about it: <c>Running 5m</c>, <c>Unhealthy 5m</c>, <c>Exited (137) 2h</c>, <c>Restarting (1)</c>.</summary>
    public static string State(Container container) => container.State switch
    {
        // That it runs goes without saying where its health is known.
        ContainerState.Running when container.Health != HealthStatus.None => $"{container.Health} {Age(container.Started)}",
        ContainerState.Running or ContainerState.Paused or ContainerState.Stopping when container.Started is not null =>
            $"{container.State} {Age(container.Started)}",
        ContainerState.Exited when container.NextStart is not null => $"Restarting ({container.ExitCode ?? 0})",
        ContainerState.Stopped or ContainerState.Exited => $"{container.State} ({container.ExitCode ?? 0}) {Age(container.Finished)}".TrimEnd(),
        _ => container.State.ToString(),
    };

    /// <summary>Published ports in short: <c>8080-&gt;80, 127.0.0.1:53-&gt;53/udp</c>.</summary>
    public static string Ports(IEnumerable<PortMapping> ports) => string.Join(", ", ports.Select(port =>
    {
        var last = port.Range - 1;
        var host = port.Range > 1 ? $"{port.HostPort}-{port.HostPort + last}" : $"{port.HostPort}";
        var inside = port.Range > 1 ? $"{port.ContainerPort}-{port.ContainerPort + last}" : $"{port.ContainerPort}";
        var ip = port.HostIp is "" or "0.0.0.0" ? "" : port.HostIp.Contains(':') ? $"[{port.HostIp}]:" : port.HostIp + ":";
        return $"{ip}{host}->{inside}" + (port.Protocol == "tcp" ? "" : "/" + port.Protocol);
    }));

    /// <summary>A command line, with quotes where a word has spaces.</summary>
    public static string CommandLine(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => word.Length == 0 || word.Contains(' ') ? $"\"{word}\"" : word));

    /// <summary>A CPU time: 0:00.12, 1:02:03.</summary>
    public static string CpuTime(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss\.ff", CultureInfo.InvariantCulture);

    private static string Scale(long bytes, int step, string[] units)
    {
        double value = Math.Abs(bytes);
        var unit = 0;
        while (value >= 999.5 && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }
        var digits = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return (bytes < 0 ? "-" : "") + value.ToString(digits, CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
