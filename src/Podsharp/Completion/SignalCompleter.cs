namespace Podsharp.Completion;

/// <summary>Completes signals (signal(7)).</summary>
public sealed class SignalCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
    [
        ("SIGTERM", "15: please end"), ("SIGKILL", "9: end now"), ("SIGHUP", "1: hang-up, often: read the configuration again"),
        ("SIGINT", "2: interrupt from the keyboard"), ("SIGQUIT", "3: quit, with a core dump"), ("SIGUSR1", "10: the program's own"),
        ("SIGUSR2", "12: the program's own"), ("SIGSTOP", "19: stop"), ("SIGCONT", "18: go on"), ("SIGABRT", "6: abort"),
        ("SIGALRM", "14: timer"), ("SIGCHLD", "17: a child ended"), ("SIGPIPE", "13: pipe without reader"),
        ("SIGTSTP", "20: stop from the keyboard"), ("SIGTTIN", "21: background read"), ("SIGTTOU", "22: background write"),
        ("SIGWINCH", "28: the window's size changed"), ("SIGPWR", "30: power failure"), ("SIGTRAP", "5: trap"), ("SIGBUS", "7: bus error"),
        ("SIGFPE", "8: arithmetic error"), ("SIGILL", "4: illegal instruction"), ("SIGSEGV", "11: bad address"), ("SIGSYS", "31: bad system call"),
        ("SIGURG", "23: urgent data"), ("SIGXCPU", "24: CPU time exceeded"), ("SIGXFSZ", "25: file size exceeded"),
        ("SIGVTALRM", "26: virtual timer"), ("SIGPROF", "27: profiling timer"), ("SIGIO", "29: input or output is possible"),
    ];

    // TERM means SIGTERM.
    private protected override bool Fits(string value, string word) => base.Fits(value, word) || base.Fits(value["SIG".Length..], word);
}
