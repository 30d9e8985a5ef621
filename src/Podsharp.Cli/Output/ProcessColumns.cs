using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Output;

/// <summary>The columns of <c>top</c>, by their ps descriptors.</summary>
internal static class ProcessColumns
{
    internal static IReadOnlyList<string> Default { get; } = ["user", "pid", "ppid", "pcpu", "etime", "tty", "time", "args"];

    internal static string Heading(string descriptor) => Normal(descriptor) switch
    {
        "pcpu" => "%CPU",
        "etime" => "ELAPSED",
        "args" => "COMMAND",
        "state" => "STATE",
        "nice" => "NI",
        "comm" => "COMMAND",
        "seccomp" => "SECCOMP",
        var other => other.ToUpperInvariant(),
    };

    internal static string Value(ContainerProcessInfo process, string descriptor)
    {
        if (process.Fields.TryGetValue(descriptor, out var field) || process.Fields.TryGetValue(Normal(descriptor), out field))
            return field;
        return Normal(descriptor) switch
        {
            "user" => process.User,
            "pid" => process.Pid.ToString(CultureInfo.InvariantCulture),
            "ppid" => process.ParentPid.ToString(CultureInfo.InvariantCulture),
            "hpid" => process.HostPid.ToString(CultureInfo.InvariantCulture),
            "pcpu" => process.CpuPercent.ToString("F3", CultureInfo.InvariantCulture),
            "etime" => Human.GoDuration(process.Elapsed),
            "tty" => process.Terminal,
            "time" => Human.GoDuration(process.CpuTime),
            "args" => process.Command,
            "comm" => Path.GetFileName(process.Command.Split(' ')[0]),
            "rss" => (process.ResidentBytes / 1024).ToString(CultureInfo.InvariantCulture),
            "state" => process.State,
            _ => "",
        };
    }

    /// <summary>ps's own codes: %p for pid and so on.</summary>
    private static string Normal(string descriptor) => descriptor switch
    {
        "%C" => "pcpu",
        "%G" => "group",
        "%P" => "ppid",
        "%U" => "user",
        "%a" => "args",
        "%c" => "comm",
        "%n" => "nice",
        "%p" => "pid",
        "%t" => "etime",
        "%x" => "time",
        "%y" => "tty",
        "%z" => "vsz",
        _ => descriptor.ToLowerInvariant(),
    };
}
