using System.Globalization;
using System.Text;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>The processes of a container as ps would show them inside it, read from the host's /proc.</summary>
internal sealed class ProcessList
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every architecture .NET runs on

    private readonly string id;
    private readonly string name;
    private readonly UserLookup users;
    private readonly Lazy<UserLookup> hostUsers = new(() => UserLookup.Open("/"));
    private readonly double uptime = double.Parse(HostFiles.ReadLine("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);

    private ProcessList(string id, string name, UserLookup users)
    {
        this.id = id;
        this.name = name;
        this.users = users;
    }

    /// <summary>Reads the list, by process id.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="cgroupPath">Its group, or empty.</param>
    /// <param name="pid">Its first process.</param>
    /// <param name="rootPath">Its mounted root file system, for the names of users and groups.</param>
    /// <param name="descriptors">What goes into <see cref="ContainerProcessInfo.Fields"/>.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument for an unknown descriptor.</exception>
    internal static IReadOnlyList<ContainerProcessInfo> Read(HostFacts facts, string id, string name, string cgroupPath, int pid,
        string rootPath, IReadOnlyList<string> descriptors)
    {
        foreach (var descriptor in descriptors)
        {
            if (ProcessDescriptors.Find(descriptor) is null)
                throw EngineErrors.InvalidArgument($"unknown descriptor \"{descriptor}\"", descriptor, "use some of: " + string.Join(", ", ProcessDescriptors.All));
        }
        var list = new ProcessList(id, name, UserLookup.Open(rootPath));
        var snapshots = ContainerProcesses.Find(facts, cgroupPath, pid).Select(ProcessSnapshot.Read).OfType<ProcessSnapshot>().ToList();
        var inside = snapshots.ToDictionary(process => process.HostPid, process => process.Pid);
        return [.. snapshots.Select(process => list.Describe(process, inside, descriptors)).OrderBy(process => process.Pid)];
    }

    private ContainerProcessInfo Describe(ProcessSnapshot process, Dictionary<int, int> inside, IReadOnlyList<string> descriptors)
    {
        // Both clocks count hundredths of a second: more digits would be made up.
        var elapsed = TimeSpan.FromMilliseconds(10 * Math.Max(0, (long)Math.Round(uptime * TicksPerSecond) - process.StartTicks));
        var cpu = TimeSpan.FromMilliseconds(10 * process.CpuTicks);
        var info = new ContainerProcessInfo
        {
            ContainerId = id,
            Container = name,
            Pid = process.Pid,
            ParentPid = inside.GetValueOrDefault(process.ParentHostPid),
            HostPid = process.HostPid,
            User = users.UserName(process.UserId),
            CpuTime = cpu,
            CpuPercent = elapsed > TimeSpan.Zero ? Math.Round(100 * (cpu / elapsed), 3) : 0,
            Elapsed = elapsed,
            Terminal = process.Terminal,
            ResidentBytes = process.ResidentBytes,
            State = process.State,
            Command = process.Arguments,
        };
        return descriptors.Count == 0 ? info
            : info with { Fields = descriptors.Distinct().ToDictionary(descriptor => descriptor, descriptor => Text(ProcessDescriptors.Find(descriptor)!, process, info)) };
    }

    private string Text(string descriptor, ProcessSnapshot process, ContainerProcessInfo info) => descriptor switch
    {
        "args" => info.Command,
        "comm" => process.Name,
        "etime" => GoText(info.Elapsed),
        "time" => GoText(info.CpuTime),
        "stime" => DateTimeOffset.UtcNow.Subtract(info.Elapsed).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        "pcpu" => info.CpuPercent.ToString("0.000", CultureInfo.InvariantCulture),
        "pid" => Number(info.Pid),
        "ppid" => Number(info.ParentPid),
        "hpid" => Number(info.HostPid),
        "pgid" => Number(process.ProcessGroup),
        "nice" => Number(process.Nice),
        "rss" => Number(info.ResidentBytes / 1024),
        "vsz" => Number(process.VirtualBytes / 1024),
        "state" => info.State,
        "tty" => info.Terminal,
        "user" => info.User,
        "uid" => Number(process.UserId),
        "ruser" => users.UserName(process.RealUserId),
        "group" => users.GroupName(process.GroupId),
        "rgroup" => users.GroupName(process.RealGroupId),
        "groups" => string.Join(',', process.Groups.Select(users.GroupName)),
        "huser" => hostUsers.Value.UserName(process.UserId),
        "hgroup" => hostUsers.Value.GroupName(process.GroupId),
        "hgroups" => string.Join(',', process.Groups.Select(hostUsers.Value.GroupName)),
        "huid" => Number(process.UserId),
        "label" => process.Label,
        "seccomp" => process.Field("Seccomp") switch { "0" => "disabled", "1" => "strict", "2" => "filter", _ => "?" },
        "capamb" => Capabilities(process.Field("CapAmb")),
        "capbnd" => Capabilities(process.Field("CapBnd")),
        "capeff" => Capabilities(process.Field("CapEff")),
        "capinh" => Capabilities(process.Field("CapInh")),
        "capprm" => Capabilities(process.Field("CapPrm")),
        _ => "?",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Capabilities(string hexadecimal)
    {
        var set = CapabilitySet.FromHexadecimal(hexadecimal);
        return set.IsEmpty ? "none" : set == CapabilitySet.All ? "full" : string.Join(',', set.ToNames().Select(capability => capability[4..]));
    }

    // As Go prints a duration: 1h2m3.5s.
    private static string GoText(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(1))
            return time == TimeSpan.Zero ? "0s" : time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "ms";
        var text = new StringBuilder();
        if (time.TotalHours >= 1)
            text.Append(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h");
        if (time.TotalMinutes >= 1)
            text.Append(CultureInfo.InvariantCulture, $"{time.Minutes}m");
        var seconds = (time.Ticks % TimeSpan.TicksPerMinute) / (double)TimeSpan.TicksPerSecond;
        return text.Append(seconds.ToString("0.##", CultureInfo.InvariantCulture)).Append('s').ToString();
    }
}
