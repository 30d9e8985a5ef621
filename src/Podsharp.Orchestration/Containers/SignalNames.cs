using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Linux signals by name and number (signal(7); x86 and arm numbers).</summary>
public static class SignalNames
{
    private const int RealtimeFirst = 34;
    private const int RealtimeLast = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD",
        "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Every name, with SIG before it, for completion.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Skip(1).Select(n => "SIG" + n)];

    /// <summary>Reads a signal: <c>TERM</c>, <c>SIGTERM</c>, <c>15</c>, <c>RTMIN+3</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for anything else.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= RealtimeLast)
            return number;
        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        var index = Array.IndexOf(Names, name);
        if (index > 0)
            return index;
        number = name switch
        {
            "IOT" => 6,
            "CLD" => 17,
            "POLL" => 29,
            "RTMIN" => RealtimeFirst,
            "RTMAX" => RealtimeLast,
            _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) && int.TryParse(name[6..], out var up) => RealtimeFirst + up,
            _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) && int.TryParse(name[6..], out var down) => RealtimeLast - down,
            _ => 0,
        };
        return number is >= 1 and <= RealtimeLast ? number
            : throw EngineErrors.InvalidArgument($"invalid signal \"{text}\"", text, "use a name like TERM or a number from 1 to 64");
    }

    /// <summary>A signal's name with SIG before it; the number where it has none.</summary>
    public static string Name(int number)
    {
        if (number > 0 && number < Names.Length)
            return "SIG" + Names[number];
        return number is >= RealtimeFirst and <= RealtimeLast ? "SIGRTMIN+" + (number - RealtimeFirst) : number.ToString(CultureInfo.InvariantCulture);
    }
}
