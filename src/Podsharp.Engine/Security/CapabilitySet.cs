using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Security;

/// <summary>A set of Linux capabilities (capabilities(7)).</summary>
internal readonly record struct CapabilitySet(ulong Bits)
{
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All capabilities known here.</summary>
    internal static CapabilitySet All => new((1UL << Names.Length) - 1);

    /// <summary>None.</summary>
    internal static CapabilitySet None => default;

    /// <summary>All names, for completion.</summary>
    internal static IReadOnlyList<string> AllNames => Names;

    /// <summary>Reads the hexadecimal form of /proc/PID/status.</summary>
    internal static CapabilitySet FromHexadecimal(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) ? new CapabilitySet(bits) & All : None;

    /// <summary>Reads one name, with or without CAP_, in any case.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for an unknown one.</exception>
    internal static CapabilitySet Parse(string name)
    {
        var full = name.ToUpperInvariant();
        if (!full.StartsWith("CAP_", StringComparison.Ordinal))
            full = "CAP_" + full;
        var index = Array.IndexOf(Names, full);
        return index >= 0 ? new CapabilitySet(1UL << index)
            : throw EngineErrors.InvalidArgument($"unknown capability \"{name}\"", name, "see capabilities(7) for the names");
    }

    /// <summary>Reads many names.</summary>
    internal static CapabilitySet Parse(IEnumerable<string> names)
    {
        var set = None;
        foreach (var name in names) set |= Parse(name);
        return set;
    }

    /// <summary>A container's set: the base, changed by what was asked for (<c>ALL</c> stands for every one).</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for unknown names and for one that is both added and dropped.</exception>
    internal static CapabilitySet Merge(CapabilitySet basis, IReadOnlyList<string> add, IReadOnlyList<string> drop)
    {
        var addAll = add.Any(IsAll);
        var dropAll = drop.Any(IsAll);
        if (addAll && dropAll)
            throw EngineErrors.InvalidArgument("all capabilities can't be both added and dropped", "ALL", "name the ones to keep");
        var added = Parse(add.Where(name => !IsAll(name)));
        var dropped = Parse(drop.Where(name => !IsAll(name)));
        if ((added & dropped) is { IsEmpty: false } both)
            throw EngineErrors.InvalidArgument($"capability {both.ToNames()[0]} is both added and dropped", both.ToNames()[0], "leave one of them out");
        return dropAll ? added : addAll ? All - dropped : (basis | added) - dropped;
    }

    /// <summary>Whether it is empty.</summary>
    internal bool IsEmpty => Bits == 0;

    /// <summary>Whether it holds all of another set.</summary>
    internal bool Contains(CapabilitySet other) => (Bits & other.Bits) == other.Bits;

    /// <summary>Whether it holds a capability, given by its full name.</summary>
    internal bool Contains(string name) => Array.IndexOf(Names, name) is >= 0 and var index && (Bits & (1UL << index)) != 0;

    /// <summary>The names, with CAP_, in alphabetical order.</summary>
    internal IReadOnlyList<string> ToNames()
    {
        var bits = Bits;
        return [.. Names.Where((_, index) => (bits & (1UL << index)) != 0).Order(StringComparer.Ordinal)];
    }

    /// <summary>Those in both.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    /// <summary>Those in either.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    /// <summary>Those in the first only.</summary>
    public static CapabilitySet operator -(CapabilitySet left, CapabilitySet right) => new(left.Bits & ~right.Bits);

    private static bool IsAll(string name) => name.Equals("ALL", StringComparison.OrdinalIgnoreCase);
}
