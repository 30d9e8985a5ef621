using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>What a container uses, as <c>podman stats</c> shows it.</summary>
public static class UsageShape
{
    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CPUPerc"] = "CPU %",
        ["MemUsage"] = "MEM USAGE / LIMIT",
        ["MemPerc"] = "MEM %",
        ["NetIO"] = "NET IO",
        ["BlockIO"] = "BLOCK IO",
        ["PIDS"] = "PIDS",
        ["CPUTime"] = "CPU TIME",
        ["AVGCPU"] = "AVG CPU %",
        ["CPU"] = "CPU %",
    };

    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerUsage usage, bool whole = false)
    {
        var id = whole || usage.Id.Length <= 12 ? usage.Id : usage.Id[..12];
        return new WireStruct("containerStats")
            .Add("ID", id, "id")
            .Add("Name", usage.Name, "name")
            .Add("CPUTime", Human.GoDuration(usage.CpuTime), "cpu_time")
            .Add("CPUPerc", Percent(usage.CpuPercent), "cpu_percent")
            .Add("AVGCPU", Percent(usage.AverageCpuPercent), "avg_cpu")
            .Add("MemUsage", $"{Human.Size(usage.MemoryUsage)} / {Human.Size(usage.MemoryLimit)}", "mem_usage")
            .Add("MemPerc", Percent(usage.MemoryPercent), "mem_percent")
            .Add("NetIO", $"{Human.Size(usage.NetworkInput)} / {Human.Size(usage.NetworkOutput)}", "net_io")
            .Add("BlockIO", $"{Human.Size(usage.BlockInput)} / {Human.Size(usage.BlockOutput)}", "block_io")
            .Add("PIDS", usage.Pids.ToString(CultureInfo.InvariantCulture), "pids")
            .AddMethod("CPU", () => Percent(usage.CpuPercent))
            .AddMethod("PIDs", () => usage.Pids.ToString(CultureInfo.InvariantCulture))
            .AddMethod("UpTime", () => Human.GoDuration(usage.Uptime))
            .AddMethod("Up", () => Human.GoDuration(usage.Uptime))
            .AddMethod("MemUsageBytes", () => $"{usage.MemoryUsage} / {usage.MemoryLimit}");
    }

    private static string Percent(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + "%";
}
