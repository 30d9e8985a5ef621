namespace Podsharp.Completion;

/// <summary>Completes security options.</summary>
public sealed class SecurityOptionCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("apparmor=", "the AppArmor profile by its name"), ("apparmor=unconfined", "no AppArmor profile"), ("label=disable", "no SELinux label"),
        ("label=filetype:", "the SELinux type of its files"), ("label=level:", "the SELinux level"), ("label=nested", "it may label files itself"),
        ("label=role:", "the SELinux role"), ("label=type:", "the SELinux type of its processes"), ("label=user:", "the SELinux user"),
        ("mask=", "paths that are hidden, with colons between them"), ("no-new-privileges", "nothing raises its privileges"),
        ("proc-opts=", "mount options of /proc"), ("seccomp=", "a file with a seccomp profile"), ("seccomp=unconfined", "all system calls"),
        ("systempaths=unconfined", "nothing is hidden or read-only"), ("unmask=", "paths that aren't hidden, with colons between them"), ("unmask=ALL", "nothing is hidden or read-only"),
    ];
}
