using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>What a container of a pod uses, as <c>podman pod stats</c> shows it.</summary>
public static class PodUsageShape
{
    private const string Nothing = "--";
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Headings of fields whose name isn't their heading.</summary>
    public static IReadOnlyDictionary<string, string> Headings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CPU"] = "CPU %",
        ["MemUsage"] = "MEM USAGE/ LIMIT",
        ["MemUsageBytes"] = "MEM USAGE/ LIMIT",
        ["Mem"] = "MEM %",
        ["NetIO"] = "NET IO",
        ["BlockIO"] = "BLOCK IO",
    };

    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerUsage usage) => new WireStruct("entities.PodStatsReport")
        .Add("CPU", Percent(usage.CpuPercent))
        .Add("MemUsage", Pair(usage.MemoryUsage, usage.MemoryLimit, size => Human.Size(size)))
        .Add("MemUsageBytes", Pair(usage.MemoryUsage, usage.MemoryLimit, Binary))
        .Add("Mem", Percent(usage.MemoryPercent))
        .Add("NetIO", Pair(usage.NetworkInput, usage.NetworkOutput, size => Human.Size(size)))
        .Add("BlockIO", Pair(usage.BlockInput, usage.BlockOutput, size => Human.Size(size)))
        .Add("PIDS", usage.Pids == 0 ? Nothing : usage.Pids.ToString(CultureInfo.InvariantCulture))
        .Add("Pod", usage.Pod.Length > 12 ? usage.Pod[..12] : usage.Pod)
        .Add("CID", usage.Id.Length > 12 ? usage.Id[..12] : usage.Id)
        .Add("Name", usage.Name);

    private static string Pair(long first, long second, Func<double, string> size) => first == 0 && second == 0 ? $"{Nothing} / {Nothing}" : $"{size(first)} / {size(second)}";

    private static string Percent(double value) => value == 0 ? Nothing : value.ToString("F2", CultureInfo.InvariantCulture) + "%";

    // Four digits, as go-units has it.
    private static string Binary(double size)
    {
        var unit = 0;
        while (size >= 1024 && unit < BinaryUnits.Length - 1)
        {
            size /= 1024;
            unit++;
        }
        var digits = Math.Max(0, 3 - (int)Math.Floor(Math.Log10(Math.Max(size, 1))));
        return Math.Round(size, digits).ToString("0.###", CultureInfo.InvariantCulture) + BinaryUnits[unit];
    }
}
