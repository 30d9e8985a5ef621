namespace Podsharp.Model;

/// <summary>The columns of a container's process list: descriptors and codes of ps(1), and podman's own (those of the host begin with h).</summary>
public static class ProcessDescriptors
{
    private static readonly (string Code, string Name)[] Codes =
    [
        ("%C", "pcpu"), ("%G", "group"), ("%P", "ppid"), ("%U", "user"), ("%a", "args"), ("%c", "comm"), ("%g", "rgroup"), ("%n", "nice"),
        ("%p", "pid"), ("%r", "pgid"), ("%t", "etime"), ("%u", "ruser"), ("%x", "time"), ("%y", "tty"), ("%z", "vsz"),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "args", "capamb", "capbnd", "capeff", "capinh", "capprm", "comm", "etime", "group", "groups", "hgroup", "hgroups", "hpid", "huid", "huser",
        "label", "nice", "pcpu", "pgid", "pid", "ppid", "rgroup", "rss", "ruser", "seccomp", "state", "stime", "time", "tty", "uid", "user", "vsz",
    ];

    /// <summary>The name that a word stands for, itself a name or a code of ps; null for any other word.</summary>
    public static string? Find(string word) => All.Contains(word) ? word : Array.Find(Codes, entry => entry.Code == word).Name;

    /// <summary>The names that words, each perhaps several with commas between them, stand for; null where one is none: then they are options
    /// of ps(1).</summary>
    public static IReadOnlyList<string>? Parse(IEnumerable<string> words)
    {
        var names = new List<string>();
        foreach (var word in words.SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Find(word) is not { } name)
                return null;
            names.Add(name);
        }
        return names;
    }
}
