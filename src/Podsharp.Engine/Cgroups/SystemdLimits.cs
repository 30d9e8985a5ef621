using System.Globalization;
using Podsharp.Engine.Runtime;

namespace Podsharp.Engine.Cgroups;

/// <summary>Limits of version 2 as properties of a slice (systemd.resource-control(5)): the rules of the OCI runtimes.</summary>
internal static class SystemdLimits
{
    private const ulong DefaultPeriod = 100_000;
    private const ulong Second = 1_000_000;

    // systemd counts processor time in such steps, in microseconds.
    private const ulong QuotaStep = 10_000;

    /// <summary>The properties.</summary>
    internal static IReadOnlyList<SystemdProperty> From(OciResources resources) =>
        [.. Memory(resources.Memory), .. Cpu(resources.Cpu), .. Io(resources.BlockIO)];

    private static IEnumerable<SystemdProperty> Memory(OciMemory? memory)
    {
        if (memory?.Limit is { } limit)
            yield return Number("MemoryMax", Bytes(limit));
        // Version 2 counts swap alone.
        if (memory is { Swap: { } swap, Limit: { } both })
            yield return Number("MemorySwapMax", swap < 0 ? ulong.MaxValue : (ulong)Math.Max(0, swap - both));
        if (memory?.Reservation is { } reservation)
            yield return Number("MemoryLow", Bytes(reservation));
    }

    private static IEnumerable<SystemdProperty> Cpu(OciCpu? cpu)
    {
        if (cpu is { Shares: { } shares and > 0 })
            yield return Number("CPUWeight", CgroupLimits.Weight(shares));
        var period = cpu?.Period is { } asked and > 0 ? asked : DefaultPeriod;
        if (cpu?.Quota is > 0 and var quota)
            yield return Number("CPUQuotaPerSecUSec", RoundUp((ulong)quota * Second / period));
        if (cpu?.Period is not null && period != DefaultPeriod)
            yield return Number("CPUQuotaPeriodUSec", period);
        if (cpu?.Cpus is { Length: > 0 } cpus)
            yield return Set("AllowedCPUs", cpus);
        if (cpu?.Mems is { Length: > 0 } nodes)
            yield return Set("AllowedMemoryNodes", nodes);
    }

    private static IEnumerable<SystemdProperty> Io(OciBlockIO? io)
    {
        if (io?.Weight is { } weight)
            yield return Number("IOWeight", IoWeight(weight));
        if (io?.WeightDevice is { Count: > 0 } weights)
            yield return Devices("IODeviceWeight", [.. weights.Select(device => (device.Major, device.Minor, IoWeight(device.Weight)))]);
        if (io?.ThrottleReadBpsDevice is { Count: > 0 } reads)
            yield return Devices("IOReadBandwidthMax", [.. reads.Select(device => (device.Major, device.Minor, (ulong)device.Rate))]);
        if (io?.ThrottleWriteBpsDevice is { Count: > 0 } writes)
            yield return Devices("IOWriteBandwidthMax", [.. writes.Select(device => (device.Major, device.Minor, (ulong)device.Rate))]);
    }

    /// <summary>A set of numbers, such as 0-2,4, as the bits of bytes, the lowest first.</summary>
    internal static byte[] Bits(string set)
    {
        var numbers = set.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(range =>
        {
            var ends = range.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            return Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1);
        }).ToList();
        var bits = new byte[numbers.Count == 0 ? 0 : (numbers.Max() / 8) + 1];
        foreach (var number in numbers)
            bits[number / 8] |= (byte)(1 << (number % 8));
        return bits;
    }

    // From version 1's 10 to 1000 onto 1 to 10000, as runtimes have it.
    private static ulong IoWeight(long weight) => weight <= 10 ? 1 : 1 + ((ulong)(weight - 10) * 9999 / 990);

    private static ulong RoundUp(ulong time) => (time + QuotaStep - 1) / QuotaStep * QuotaStep;

    private static ulong Bytes(long value) => value < 0 ? ulong.MaxValue : (ulong)value;

    private static SystemdProperty Number(string name, ulong value) => new(name, "t", Text(value));

    private static SystemdProperty Set(string name, string set)
    {
        var bits = Bits(set);
        return new(name, "ay", [Text(bits.Length), .. bits.Select(part => Text(part))]);
    }

    private static SystemdProperty Devices(string name, IReadOnlyList<(long Major, long Minor, ulong Value)> devices) =>
        new(name, "a(st)", [Text(devices.Count), .. devices.SelectMany(device => new[] { $"/dev/block/{device.Major}:{device.Minor}", Text(device.Value) })]);

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
