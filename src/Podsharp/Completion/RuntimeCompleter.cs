namespace Podsharp.Completion;

/// <summary>Completes OCI runtimes.</summary>
public sealed class RuntimeCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("crun", "fast and lightweight runtime in C"), ("runc", "the reference runtime"), ("youki", "runtime in Rust"),
        ("runsc", "gVisor: a kernel of its own in user space"), ("kata", "a virtual machine for each container"),
    ];
}
