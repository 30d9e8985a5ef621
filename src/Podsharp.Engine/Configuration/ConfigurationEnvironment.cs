using System.Collections;

namespace Podsharp.Engine.Configuration;

/// <summary>Where configuration comes from: the environment, the user and the system's root. The readers of this folder get it
/// as an argument and look at nothing else, so that a test can replace the whole host.</summary>
internal sealed record ConfigurationEnvironment
{
    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The effective user id.</summary>
    public required uint UserId { get; init; }

    /// <summary>The user's home directory.</summary>
    public required string HomeDirectory { get; init; }

    /// <summary>Prefix of the system paths <c>/etc</c>, <c>/usr/share</c>, <c>/run</c> and <c>/var</c>; empty but in tests.</summary>
    public string SystemRoot { get; init; } = "";

    /// <summary>Whether the engine runs without root rights (also inside a user namespace that maps the user to 0).</summary>
    public bool IsRootless { get; init; }

    /// <summary>The user's configuration directory: <c>$XDG_CONFIG_HOME</c>, else <c>~/.config</c>.</summary>
    public string ConfigHome => Variable("XDG_CONFIG_HOME") ?? Path.Combine(HomeDirectory, ".config");

    /// <summary>The user's data directory: <c>$XDG_DATA_HOME</c>, else <c>~/.local/share</c>.</summary>
    public string DataHome => Variable("XDG_DATA_HOME") ?? Path.Combine(HomeDirectory, ".local/share");

    /// <summary>The user's cache directory: <c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>.</summary>
    public string CacheHome => Variable("XDG_CACHE_HOME") ?? Path.Combine(HomeDirectory, ".cache");

    /// <summary>A variable's value; null where it is absent or empty.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A program of this host by its name; null where there is none. Only absolute directories are looked at: the session's working
    /// directory is not where programs come from.</summary>
    public string? FindProgram(string name) => (Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Where(directory => directory.StartsWith('/'))
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    /// <summary>An absolute system path, below <see cref="SystemRoot"/>.</summary>
    public string SystemPath(string absolutePath) => SystemRoot + absolutePath;

    /// <summary>The <c>*.conf</c> files of a drop-in directory in name order; none where there is no such directory.</summary>
    public static IReadOnlyList<string> DropIns(string directory) => Directory.Exists(directory)
        ? [.. Directory.EnumerateFiles(directory, "*.conf").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The environment of this process, read once.</summary>
    /// <param name="userId">The effective user id.</param>
    /// <param name="isRootless">Whether the engine runs without root rights.</param>
    public static ConfigurationEnvironment OfThisProcess(uint userId, bool isRootless)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }
        return new ConfigurationEnvironment
        {
            Variables = variables,
            UserId = userId,
            IsRootless = isRootless,
            HomeDirectory = variables.TryGetValue("HOME", out var home) && home.Length > 0 ? home
                : userId == 0 ? "/root" : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        };
    }
}
