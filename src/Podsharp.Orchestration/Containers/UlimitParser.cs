using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>Reads process limits: <c>nofile=1024:2048</c>, <c>core=-1</c>.</summary>
public static class UlimitParser
{
    /// <summary>The limits of setrlimit(2), in lower case and without RLIMIT_.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    /// <summary>Reads NAME=SOFT[:HARD].</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public static Ulimit Parse(string text)
    {
        var equals = text.IndexOf('=');
        if (equals < 1)
            throw Invalid(text, "write it as NAME=SOFT or NAME=SOFT:HARD, for example nofile=1024:2048");
        var name = text[..equals].ToLowerInvariant();
        if (name.StartsWith("rlimit_", StringComparison.Ordinal))
            name = name[7..];
        if (!Names.Contains(name))
            throw Invalid(text, "use one of " + string.Join(", ", Names));
        var parts = text[(equals + 1)..].Split(':');
        if (parts.Length > 2)
            throw Invalid(text, "give at most two limits, SOFT:HARD");
        var soft = Limit(parts[0], text);
        var hard = parts.Length > 1 ? Limit(parts[1], text) : soft;
        if (hard != -1 && (soft == -1 || soft > hard))
            throw Invalid(text, "the soft limit must not be above the hard limit");
        return new(name, soft, hard);
    }

    private static long Limit(string value, string text)
    {
        if (value is "-1" or "unlimited")
            return -1;
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
            : throw Invalid(text, "limits are whole numbers, or -1 for none");
    }

    private static ContainerEngineException Invalid(string text, string remedy) =>
        EngineErrors.InvalidArgument($"invalid ulimit \"{text}\"", text, remedy);
}
