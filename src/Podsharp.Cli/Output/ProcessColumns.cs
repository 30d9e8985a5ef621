using System.Globalization;
using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Output;

/// <summary>The columns of <c>top</c>, by the names of <see cref="ProcessDescriptors"/>.</summary>
internal static class ProcessColumns
{
    internal static IReadOnlyList<string> Default { get; } = ["user", "pid", "ppid", "pcpu", "etime", "tty", "time", "args"];

    internal static string Heading(string name) => name switch
    {
        "pcpu" => "%CPU",
        "etime" => "ELAPSED",
        "args" or "comm" => "COMMAND",
        "nice" => "NI",
        "capamb" => "AMBIENT CAPS",
        "capbnd" => "BOUNDING CAPS",
        "capeff" => "EFFECTIVE CAPS",
        "capinh" => "INHERITED CAPS",
        "capprm" => "PERMITTED CAPS",
        var other => other.ToUpperInvariant(),
    };

    // Without descriptors the engine fills in the properties only.
    internal static string Value(ContainerProcessInfo process, string name) => process.Fields.TryGetValue(name, out var field) ? field : name switch
    {
        "user" => process.User,
        "pid" => process.Pid.ToString(CultureInfo.InvariantCulture),
        "ppid" => process.ParentPid.ToString(CultureInfo.InvariantCulture),
        "pcpu" => process.CpuPercent.ToString("F3", CultureInfo.InvariantCulture),
        "etime" => Human.GoDuration(process.Elapsed),
        "tty" => process.Terminal,
        "time" => Human.GoDuration(process.CpuTime),
        "args" => process.Command,
        _ => "",
    };
}
