namespace Podsharp.Completion;

/// <summary>Completes capabilities (capabilities(7)).</summary>
public sealed class CapabilityCompleter : WordCompleter
{
    private static readonly string[] Names =
    [
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE",
        "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE",
        "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE",
        "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
    ];

    private protected override IEnumerable<(string Word, string Meaning)> Words =>
        Names.Select(name => (name, name == "ALL" ? "every capability" : "CAP_" + name));

    // CAP_NET_RAW means NET_RAW.
    private protected override bool Fits(string value, string word) => base.Fits(value, word) || (word.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) && base.Fits(value, word["CAP_".Length..]));
}
