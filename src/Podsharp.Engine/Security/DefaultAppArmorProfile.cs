namespace Podsharp.Engine.Security;

/// <summary>The AppArmor profile of containers that name none. It allows what podman's default profile allows.</summary>
internal static class DefaultAppArmorProfile
{
    /// <summary>Its name. The number is that of the text: a kernel that has an older one keeps it for the containers that run with it.</summary>
    internal const string Name = "podsharp-default-1";

    private const string Directory = "/etc/apparmor.d/";

    // Namespaces and the read-only mounts of /proc and /sys keep a container from most of this already; the profile holds where a capability
    // or a mount of the user's would open it. What is denied is named by first letters: AppArmor has no exceptions from a denial.
    private const string Rules = """
          network,
          capability,
          file,
          umount,

          # Whoever stops a container is outside of it: the engine, the runtime, the kernel's confined helpers.
          signal (receive) peer=unconfined,
          signal (receive) peer={/usr/bin/,/usr/sbin/,}{crun*,runc,podman,podsharp},
          signal (send, receive) peer=@{profile_name},
          ptrace (trace, read, tracedby, readby) peer=@{profile_name},

          deny mount,

          # Of /proc what belongs to processes is written (their directories are numbers), and the settings of shared memory.
          deny @{PROC}/* w,
          deny @{PROC}/[a-rt-zA-Z]*/** w,
          deny @{PROC}/s[a-xz]*/** w,
          deny @{PROC}/sysvipc/** w,
          deny @{PROC}/sys/[a-jl-z]*/** w,
          deny @{PROC}/sys/kernel/[^s]** w,
          deny @{PROC}/sys/kernel/s[^h]** w,
          deny @{PROC}/sys/kernel/sh[^m]** w,
          deny @{PROC}/{kcore,sysrq-trigger} rwklx,

          # Of /sys only control groups.
          deny /sys/[a-eg-z]*/** wklx,
          deny /sys/{firmware,kernel/security}/** rwklx,
          deny /sys/fs/[a-bd-z]*/** wklx,
          deny /sys/fs/c[a-fh-z]*/** wklx,
        """;

    /// <summary>Its text, with this host's own definitions where it has them.</summary>
    internal static string Text() => Text(File.Exists(Directory + "tunables/global"), File.Exists(Directory + "abstractions/base"));

    /// <summary>Its text.</summary>
    /// <param name="tunables">Whether the host says where /proc is.</param>
    /// <param name="abstractions">Whether it has the rules that every program needs.</param>
    internal static string Text(bool tunables, bool abstractions) => $$"""
        {{(tunables ? "#include <tunables/global>" : "@{PROC}=/proc/")}}

        profile {{Name}} flags=(attach_disconnected,mediate_deleted) {
        {{(abstractions ? "  #include <abstractions/base>\n" : "")}}
        {{Rules.Replace("@{profile_name}", Name, StringComparison.Ordinal)}}
        }

        """;
}
