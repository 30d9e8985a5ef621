namespace Podsharp.Engine.Runtime.Chroot;

/// <summary>A command line of an OCI runtime (runc's, which conmon writes).</summary>
/// <param name="Name">The command.</param>
/// <param name="Id">The container.</param>
/// <param name="Rest">What follows the container.</param>
internal sealed record RuntimeCommand(string Name, string Id, string Rest)
{
    private static readonly string[] s_valued = ["--log", "--bundle", "-b", "--pid-file", "--console-socket", "--preserve-fds", "--log-format", "--root"];

    /// <summary>The directory with config.json.</summary>
    internal string Bundle { get; private init; } = "";

    /// <summary>Where the process id goes.</summary>
    internal string PidFile { get; private init; } = "";

    /// <summary>Where errors go; empty for nowhere.</summary>
    internal string Log { get; private init; } = "";

    /// <summary>Whether a running container is killed.</summary>
    internal bool Force { get; private init; }

    /// <summary>Reads one. Options that mean nothing here are passed over.</summary>
    internal static RuntimeCommand Parse(IReadOnlyList<string> words)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var plain = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var (name, value) = words[i].Split('=', 2) is [var before, var behind] ? (before, behind) : (words[i], null);
            if (!name.StartsWith('-'))
                plain.Add(words[i]);
            else
                options[name] = value ?? (s_valued.Contains(name) && i + 1 < words.Count ? words[++i] : "");
        }
        return new(plain.ElementAtOrDefault(0) ?? "", plain.ElementAtOrDefault(1) ?? "", plain.ElementAtOrDefault(2) ?? "")
        {
            Bundle = options.GetValueOrDefault("--bundle") ?? options.GetValueOrDefault("-b") ?? "",
            PidFile = options.GetValueOrDefault("--pid-file") ?? "",
            Log = options.GetValueOrDefault("--log") ?? "",
            Force = options.ContainsKey("--force"),
        };
    }
}
