using System.Globalization;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>One process as /proc shows it (proc_pid_stat(5), proc_pid_status(5)).</summary>
internal sealed class ProcessSnapshot
{
    private readonly string[] stat;
    private readonly string status;

    private ProcessSnapshot(int hostPid, string[] stat, string status, string arguments, string label)
    {
        HostPid = hostPid;
        this.stat = stat;
        this.status = status;
        Name = Field("Name");
        // A kernel thread or zombie has no arguments: ps shows its name.
        Arguments = arguments.Length > 0 ? arguments : $"[{Name}]";
        Label = label;
    }

    internal int HostPid { get; }
    internal string Name { get; }
    internal string Arguments { get; }
    internal string Label { get; }
    internal string State => stat[0];
    internal int ParentHostPid => (int)Number(1);
    internal int ProcessGroup => (int)Number(2);
    internal string Terminal => TerminalName(Number(4));
    internal long CpuTicks => Number(11) + Number(12);
    internal long Nice => Number(16);
    internal long StartTicks => Number(19);
    internal long VirtualBytes => Number(20);
    internal long ResidentBytes => Number(21) * Environment.SystemPageSize;
    internal int Pid => int.TryParse(Words("NSpid").LastOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : HostPid;
    internal uint RealUserId => Id("Uid", 0);
    internal uint UserId => Id("Uid", 1);
    internal uint RealGroupId => Id("Gid", 0);
    internal uint GroupId => Id("Gid", 1);
    internal IEnumerable<uint> Groups => Words("Groups").Select(word => uint.Parse(word, CultureInfo.InvariantCulture));

    /// <summary>Reads a process; null where it has ended.</summary>
    internal static ProcessSnapshot? Read(int pid)
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        var stat = ProcessTable.StatFields(pid);
        var status = HostFiles.ReadText(directory + "/status");
        if (stat is null || string.IsNullOrEmpty(status))
            return null;
        var arguments = (HostFiles.ReadText(directory + "/cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ');
        return new ProcessSnapshot(pid, stat, status, arguments, HostFiles.ReadLine(directory + "/attr/current").TrimEnd('\0'));
    }

    /// <summary>A field of the status file.</summary>
    internal string Field(string name)
    {
        foreach (var line in status.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
                return line[(name.Length + 1)..].Trim();
        }
        return "";
    }

    private IEnumerable<string> Words(string name) => Field(name).Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries);

    private uint Id(string name, int index) => uint.TryParse(Words(name).ElementAtOrDefault(index), CultureInfo.InvariantCulture, out var id) ? id : 0;

    private long Number(int index) => long.TryParse(stat[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static string TerminalName(long device)
    {
        var major = (device >> 8) & 0xfff;
        var minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return device == 0 ? "?"
            : major is >= 136 and <= 143 ? string.Create(CultureInfo.InvariantCulture, $"pts/{minor + ((major - 136) << 20)}")
            : major == 4 ? string.Create(CultureInfo.InvariantCulture, $"tty{minor}")
            : major == 5 && minor == 1 ? "console" : "?";
    }
}
