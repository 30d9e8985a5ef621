using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Native;

/// <summary>Linux signal names and numbers (signal(7); the numbers of x86 and ARM).</summary>
internal static class Signals
{
    internal const int Terminate = 15;
    internal const int Kill = 9;

    private const int RealTimeMinimum = 34; // as glibc and Go count it: 32 and 33 are the thread library's
    private const int RealTimeMaximum = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>All names, with SIG, for completion.</summary>
    internal static IEnumerable<string> All => Names.Skip(1).Select(name => "SIG" + name);

    /// <summary>Reads a name (with or without SIG, in any case, RTMIN+n) or a number.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for anything else.</exception>
    internal static int Parse(string text)
    {
        if (TryParse(text, out var number))
            return number;
        throw EngineErrors.InvalidArgument($"invalid signal \"{text}\"", text, "use a name such as SIGTERM or a number from 1 to 64");
    }

    /// <summary>Reads a name or a number.</summary>
    internal static bool TryParse(string text, out int number)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return number is > 0 and <= RealTimeMaximum;
        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        number = name switch
        {
            "" => -1,
            "IOT" => 6,
            "CLD" => 17,
            "POLL" => 29,
            "UNUSED" => 31,
            _ when name.StartsWith("RTM", StringComparison.Ordinal) => RealTime(name),
            _ => Array.IndexOf(Names, name),
        };
        return number > 0;
    }

    /// <summary>The name with SIG, or the number where there is none.</summary>
    internal static string Name(int number) => number switch
    {
        > 0 when number < Names.Length => "SIG" + Names[number],
        RealTimeMinimum => "SIGRTMIN",
        > RealTimeMinimum and <= RealTimeMaximum => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{number - RealTimeMinimum}"),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static int RealTime(string name)
    {
        var rest = name.AsSpan(5 <= name.Length ? 5 : name.Length);
        var offset = 0;
        if (rest.Length > 0 && !int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out offset))
            return -1;
        var number = (name.Length >= 5 ? name[..5] : "", rest.Length > 0 ? rest[0] : '+') switch
        {
            ("RTMIN", '+') => RealTimeMinimum + offset,
            ("RTMAX", '+') when offset == 0 => RealTimeMaximum,
            ("RTMAX", '-') => RealTimeMaximum - offset,
            _ => -1,
        };
        return number is >= RealTimeMinimum and <= RealTimeMaximum ? number : -1;
    }
}
