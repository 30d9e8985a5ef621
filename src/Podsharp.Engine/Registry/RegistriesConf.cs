using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>How an ambiguous short name is treated (containers-registries.conf(5), <c>short-name-mode</c>).</summary>
internal enum ShortNameMode
{
    /// <summary>Somebody has to choose one of several candidates; where nobody is there, it is an error.</summary>
    Enforcing,
    /// <summary>A person who is there chooses one of several candidates; otherwise they are tried in order.</summary>
    Permissive,
    /// <summary>Several candidates are tried in order, and nobody is asked.</summary>
    Disabled,
}

/// <summary>Which pulls a mirror serves.</summary>
internal enum MirrorScope
{
    /// <summary>All.</summary>
    All,
    /// <summary>By digest.</summary>
    DigestOnly,
    /// <summary>By tag.</summary>
    TagOnly,
}

/// <summary>A place to pull from.</summary>
/// <param name="Location">Host and path that stand in for the prefix.</param>
/// <param name="Insecure">Whether unverified TLS and plain http are allowed.</param>
/// <param name="Scope">For a mirror: which pulls it serves.</param>
internal sealed record RegistryLocation(string Location, bool Insecure, MirrorScope Scope = MirrorScope.All);

/// <summary>A table <c>[[registry]]</c>.</summary>
/// <param name="Prefix">What names must start with: host, host/path or <c>*.domain</c>.</param>
/// <param name="Primary">The registry itself.</param>
/// <param name="Blocked">Whether nothing may be pulled from it, nor pushed to it. Its mirrors may be used all the same.</param>
/// <param name="Mirrors">Mirrors, in the order in which they are tried.</param>
internal sealed record RegistryEntry(string Prefix, RegistryLocation Primary, bool Blocked, IReadOnlyList<RegistryLocation> Mirrors);

/// <summary>containers-registries.conf(5), merged from all its files.</summary>
internal sealed record RegistriesConf
{
    /// <summary>Registries that short names are looked for in.</summary>
    public IReadOnlyList<string> UnqualifiedSearchRegistries { get; init; } = [];

    /// <summary>How an ambiguous short name is treated.</summary>
    public ShortNameMode ShortNameMode { get; init; }

    /// <summary>Credential helpers; <c>containers-auth.json</c> stands for the auth files.</summary>
    public IReadOnlyList<string> CredentialHelpers { get; init; } = ["containers-auth.json"];

    /// <summary>Short names and the full names they stand for.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = EmptyDictionary.Strings;

    /// <summary>The registries, by prefix.</summary>
    public IReadOnlyDictionary<string, RegistryEntry> Registries { get; init; } = new Dictionary<string, RegistryEntry>();

    /// <summary>Where the user would write settings; for messages.</summary>
    public string MainFile { get; init; } = "/etc/containers/registries.conf";

    /// <summary>Reads all files that apply in this environment.</summary>
    /// <exception cref="ContainerEngineException">A file is malformed (<c>ConfigurationInvalid</c>).</exception>
    internal static RegistriesConf Load(ConfigurationEnvironment environment)
    {
        var files = RegistriesConfFiles.Find(environment);
        var merge = new RegistriesConfMerge();
        if (TomlParser.ParseFile(files.Main) is { } main)
        {
            merge.Apply(main, isDropIn: false);
        }
        foreach (var file in files.DropIns)
        {
            if (TomlParser.ParseFile(file) is { } table)
            {
                merge.Apply(table, isDropIn: true);
            }
        }
        merge.ApplyAliasCache(AliasCacheOf(environment));
        return merge.ToConfiguration() with { MainFile = files.Main };
    }

    /// <summary>The file in which podman records the answers to its short-name prompt.</summary>
    internal static string AliasCacheOf(ConfigurationEnvironment environment) => environment.IsRootless
        ? Path.Combine(environment.CacheHome, "containers/short-name-aliases.conf")
        : environment.SystemPath("/var/cache/containers/short-name-aliases.conf");

    /// <summary>The entry whose prefix fits a full name best; null for none.</summary>
    internal RegistryEntry? Find(string name) => Registries.Values
        .Select(entry => (Entry: entry, Length: RegistryPrefix.MatchLength(entry.Prefix, name)))
        .Where(match => match.Length > 0)
        .OrderByDescending(match => match.Entry.Prefix.Length)
        .ThenBy(match => match.Entry.Prefix, StringComparer.Ordinal)
        .Select(match => match.Entry)
        .FirstOrDefault();
}

/// <summary>Prefixes of registries.conf.</summary>
internal static class RegistryPrefix
{
    /// <summary>How many characters of a name a prefix covers; 0 when it doesn't fit. A prefix ends at a boundary of the name.</summary>
    internal static int MatchLength(string prefix, string name)
    {
        if (prefix.StartsWith("*.", StringComparison.Ordinal))
        {
            return WildcardLength(prefix[1..], name);
        }
        return name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || name[prefix.Length] is '/' or ':' or '@')
            ? prefix.Length : 0;
    }

    private static int WildcardLength(string suffix, string name)
    {
        var hostEnd = name.IndexOfAny(['/', ':', '@']);
        var host = hostEnd < 0 ? name : name[..hostEnd];
        return host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.Ordinal) ? host.Length : 0;
    }
}
