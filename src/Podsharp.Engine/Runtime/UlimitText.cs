using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Limits as containers.conf and the command line write them: <c>nofile=1024:4096</c>.</summary>
internal static class UlimitText
{
    /// <summary>Names that can be limited.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending",
        "stack", "as",
    ];

    /// <summary>Whether there is such a limit.</summary>
    internal static bool IsName(string name) => Names.Contains(name);

    /// <summary>Reads one.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static Ulimit Parse(string text)
    {
        var split = text.IndexOf('=', StringComparison.Ordinal);
        var values = split < 0 ? [] : text[(split + 1)..].Split(':');
        if (split < 1 || values.Length > 2 || !TryNumber(values[0], out var soft) || !TryNumber(values[^1], out var hard))
            throw EngineErrors.InvalidArgument($"invalid ulimit \"{text}\"", text, "write NAME=SOFT[:HARD], such as nofile=1024:4096");
        return new Ulimit(text[..split].ToLowerInvariant(), soft, hard);
    }

    private static bool TryNumber(string text, out long value)
    {
        value = -1;
        return text is "-1" or "unlimited" || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 0);
    }
}
