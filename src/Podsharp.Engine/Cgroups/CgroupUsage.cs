using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Cgroups;

/// <summary>What a container uses, as its control groups and its network interfaces count it.</summary>
internal static class CgroupUsage
{
    /// <summary>Reads one sample.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="pid">Its first process.</param>
    /// <param name="cgroupPath">Its group; empty where it has none: then its processes are added up.</param>
    /// <param name="started">When it was started.</param>
    /// <param name="previous">An earlier sample, for the present CPU share.</param>
    internal static ContainerUsage Read(HostFacts facts, string id, string name, int pid, string cgroupPath, DateTimeOffset started,
        ContainerUsage? previous = null)
    {
        var now = DateTimeOffset.UtcNow;
        var counts = cgroupPath.Length == 0 ? OfProcesses(facts, pid)
            : facts.Cgroups.Mode == CgroupMode.V2 ? OfVersion2(facts, cgroupPath) : OfVersion1(facts, cgroupPath);
        var (received, sent) = Network(pid);
        var uptime = now - started;
        var average = Percent(counts.Cpu, uptime);
        var total = MemoryTotal();
        return new ContainerUsage
        {
            Id = id,
            Name = name,
            Time = now,
            CpuTime = counts.Cpu,
            AverageCpuPercent = average,
            CpuPercent = previous is null ? average : Percent(counts.Cpu - previous.CpuTime, now - previous.Time),
            MemoryUsage = counts.Memory,
            MemoryLimit = counts.MemoryLimit > 0 && counts.MemoryLimit < total ? counts.MemoryLimit : total,
            Pids = counts.Pids,
            BlockInput = counts.Read,
            BlockOutput = counts.Written,
            NetworkInput = received,
            NetworkOutput = sent,
            Uptime = uptime,
        };
    }

    private static Counts OfVersion1(HostFacts facts, string path)
    {
        var memory = Directory("memory");
        var usage = Number(memory, "memory.usage_in_bytes");
        var (read, written) = BlockVersion1(Directory("blkio"));
        return new Counts(TimeSpan.FromTicks(Number(Directory("cpuacct"), "cpuacct.usage") / 100),
            Math.Max(0, usage - Keyed(memory, "memory.stat", "total_inactive_file")), Number(memory, "memory.limit_in_bytes"),
            Number(Directory("pids"), "pids.current"), read, written);

        string? Directory(string controller) => facts.Cgroups.Find(controller)?.DirectoryOf(path);
    }

    private static Counts OfVersion2(HostFacts facts, string path)
    {
        var directory = facts.Cgroups.Unified?.DirectoryOf(path);
        long read = 0, written = 0;
        foreach (var line in Lines(directory, "io.stat"))
        {
            foreach (var word in line.Split(' '))
            {
                if (word.StartsWith("rbytes=", StringComparison.Ordinal))
                    read += Parse(word[7..]);
                else if (word.StartsWith("wbytes=", StringComparison.Ordinal))
                    written += Parse(word[7..]);
            }
        }
        return new Counts(TimeSpan.FromMicroseconds(Keyed(directory, "cpu.stat", "usage_usec")),
            Math.Max(0, Number(directory, "memory.current") - Keyed(directory, "memory.stat", "inactive_file")),
            Number(directory, "memory.max"), Number(directory, "pids.current"), read, written);
    }

    private static Counts OfProcesses(HostFacts facts, int pid)
    {
        long ticks = 0, memory = 0, pids = 0;
        foreach (var process in ContainerProcesses.Find(facts, "", pid))
        {
            if (ProcessTable.StatFields(process) is not { } fields)
                continue;
            ticks += Parse(fields[11]) + Parse(fields[12]);
            pids += Parse(fields[17]);
            memory += Parse(fields[21]) * Environment.SystemPageSize;
        }
        return new Counts(TimeSpan.FromMilliseconds(ticks * 10), memory, 0, pids, 0, 0);
    }

    private static (long Read, long Written) BlockVersion1(string? directory)
    {
        long read = 0, written = 0;
        var file = directory is not null && File.Exists(directory + "/blkio.throttle.io_service_bytes_recursive")
            ? "blkio.throttle.io_service_bytes_recursive" : "blkio.throttle.io_service_bytes";
        foreach (var line in Lines(directory, file))
        {
            var words = line.Split(' ');
            if (words.Length != 3)
                continue;
            if (words[1] == "Read")
                read += Parse(words[2]);
            else if (words[1] == "Write")
                written += Parse(words[2]);
        }
        return (read, written);
    }

    /// <summary>Bytes through all interfaces but the loopback; nothing where the network is the host's.</summary>
    private static (long Received, long Sent) Network(int pid)
    {
        if (pid <= 0 || ContainerProcesses.SharesNamespace(pid, "net"))
            return (0, 0);
        long received = 0, sent = 0;
        foreach (var line in Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net"), "dev"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line[..colon].Trim() == "lo")
                continue;
            var fields = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            received += Parse(fields[0]);
            sent += Parse(fields[8]);
        }
        return (received, sent);
    }

    private static long MemoryTotal() => Lines("/proc", "meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        ? Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 : 0;

    private static double Percent(TimeSpan cpu, TimeSpan elapsed) => elapsed > TimeSpan.Zero ? 100.0 * (cpu / elapsed) : 0;

    private static long Keyed(string? directory, string file, string key) =>
        Lines(directory, file).FirstOrDefault(line => line.StartsWith(key + " ", StringComparison.Ordinal)) is { } line ? Parse(line[(key.Length + 1)..]) : 0;

    private static long Number(string? directory, string file) => directory is null ? 0 : Parse(HostFiles.ReadLine($"{directory}/{file}"));

    private static string[] Lines(string? directory, string file) => directory is null ? []
        : (HostFiles.ReadText($"{directory}/{file}") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // "max" and what the kernel shows for no limit (near 2^63) both mean none.
    private static long Parse(string text) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private readonly record struct Counts(TimeSpan Cpu, long Memory, long MemoryLimit, long Pids, long Read, long Written);
}
