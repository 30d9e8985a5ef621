using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>Sets of processors and memory nodes, in the kernel's form: 0-3,7.</summary>
internal static class CpuSets
{
    private const string Processors = "/sys/devices/system/cpu/online";
    private const string Nodes = "/sys/devices/system/node/online";

    /// <summary>Refuses what the host doesn't have, before anything is made.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(ResourceLimits limits)
    {
        Check(limits.CpuSetCpus, "CPUs", Processors);
        Check(limits.CpuSetMems, "memory nodes", Nodes);
    }

    /// <summary>Whether all of a set is in another one; null for what is no set.</summary>
    internal static bool? IsWithin(string set, string all)
    {
        var (wanted, present) = (Parse(set), Parse(all));
        return wanted is null || present is null ? null : wanted.TrueForAll(range => present.Exists(other => range.First >= other.First && range.Last <= other.Last));
    }

    private static void Check(string? set, string what, string file)
    {
        if (string.IsNullOrEmpty(set) || HostFiles.ReadText(file)?.Trim() is not { Length: > 0 } available)
            return;
        if (IsWithin(set, available) is not { } within)
            throw EngineErrors.InvalidArgument($"invalid set of {what} \"{set}\"", set, "write numbers and ranges, for example 0-1,3");
        if (!within)
            throw EngineErrors.InvalidArgument($"requested {what} are not available - requested {set}, available: {available}", set, "choose among those");
    }

    // Ranges that touch are one.
    private static List<(uint First, uint Last)>? Parse(string set)
    {
        var ranges = new List<(uint First, uint Last)>();
        foreach (var part in set.Split(',', StringSplitOptions.TrimEntries))
        {
            var numbers = part.Split('-');
            if (numbers.Length > 2 || !TryNumber(numbers[0], out var first) || !TryNumber(numbers[^1], out var last) || last < first)
                return null;
            if (ranges.Count > 0 && ranges[^1].Last + 1 == first)
                ranges[^1] = (ranges[^1].First, last);
            else
                ranges.Add((first, last));
        }
        return ranges;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < uint.MaxValue;
}
