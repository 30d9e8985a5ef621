using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Registry;

/// <summary>Lays the files of registries.conf over each other: lists are replaced, registries by prefix, aliases by name.</summary>
internal sealed class RegistriesConfMerge
{
    private readonly Dictionary<string, RegistryEntry> _registries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _search = [];
    private IReadOnlyList<string>? _helpers;
    private ShortNameMode _mode = ShortNameMode.Permissive;

    /// <summary>Lays a file over what is there.</summary>
    internal void Apply(TomlTable table)
    {
        RefuseVersion1(table);
        _search = table.GetStrings("unqualified-search-registries") ?? _search;
        _helpers = table.GetStrings("credential-helpers") ?? _helpers;
        if (table.GetString("short-name-mode") is { Length: > 0 } mode)
        {
            _mode = mode switch
            {
                "enforcing" => ShortNameMode.Enforcing,
                "permissive" => ShortNameMode.Permissive,
                "disabled" => ShortNameMode.Disabled,
                _ => throw table.Find("short-name-mode")!.Invalid("short-name-mode must be enforcing, permissive or disabled"),
            };
        }
        foreach (var registry in table.GetTables("registry"))
        {
            var entry = Entry(registry);
            _registries[entry.Prefix] = entry;
        }
        ApplyAliases(table);
    }

    /// <summary>Recorded answers win over the configured aliases.</summary>
    internal void ApplyAliasCache(string path)
    {
        if (TomlParser.ParseFile(path) is { } table)
        {
            ApplyAliases(table);
        }
    }

    internal RegistriesConf ToConfiguration() => new()
    {
        UnqualifiedSearchRegistries = _search,
        ShortNameMode = _mode,
        CredentialHelpers = _helpers ?? new RegistriesConf().CredentialHelpers,
        Aliases = _aliases,
        Registries = _registries,
    };

    private void ApplyAliases(TomlTable table)
    {
        if (table.GetTable("aliases") is not { } aliases)
        {
            return;
        }
        foreach (var name in aliases.Keys)
        {
            // An empty value takes an alias of an earlier file away.
            var value = aliases.GetString(name)!;
            if (value.Length > 0 && (ImageReference.IsShort(value) || !ImageReference.TryParse(value, out var full, out _) || full is not { Tag: null, Digest: null }))
            {
                throw aliases.Find(name)!.Invalid($"the alias \"{name}\" must stand for a full name without tag and digest, as registry.example.org/{name}");
            }
            _ = value.Length > 0 ? (_aliases[name] = value) is not null : _aliases.Remove(name);
        }
    }

    private static void RefuseVersion1(TomlTable table)
    {
        if (table.Find("registries") is { } old)
        {
            throw old.Invalid("the tables [registries.search], [registries.insecure] and [registries.block] are of version 1; " +
                "write unqualified-search-registries and [[registry]] with insecure or blocked instead");
        }
    }

    private static RegistryEntry Entry(TomlTable table)
    {
        var location = table.GetString("location")?.TrimEnd('/') ?? "";
        var prefix = table.GetString("prefix")?.TrimEnd('/') ?? "";
        if (prefix.Length == 0)
        {
            prefix = location;
        }
        var isWildcard = prefix.StartsWith("*.", StringComparison.Ordinal);
        if (prefix.Length == 0 || prefix.Contains("://", StringComparison.Ordinal) || location.Contains("://", StringComparison.Ordinal))
        {
            throw TomlError.At(table.File, table.Line, "a [[registry]] needs a prefix or a location, written without http://");
        }
        var digestMirrors = table.GetBoolean("mirror-by-digest-only") ?? false;
        if (digestMirrors && table.GetTables("mirror").FirstOrDefault(mirror => mirror.GetString("pull-from-mirror") is { Length: > 0 }) is { } both)
        {
            throw both.Find("pull-from-mirror")!.Invalid("pull-from-mirror and the registry's mirror-by-digest-only exclude each other");
        }
        return new RegistryEntry(
            prefix,
            new RegistryLocation(location.Length == 0 && !isWildcard ? prefix : location, table.GetBoolean("insecure") ?? false),
            table.GetBoolean("blocked") ?? false,
            [.. table.GetTables("mirror").Select(mirror => Mirror(mirror, digestMirrors))]);
    }

    private static RegistryLocation Mirror(TomlTable table, bool digestOnly)
    {
        var location = table.GetString("location")?.TrimEnd('/') ?? throw TomlError.At(table.File, table.Line, "a mirror needs a location");
        var scope = (table.GetString("pull-from-mirror") ?? "") switch
        {
            "digest-only" => MirrorScope.DigestOnly,
            "tag-only" => MirrorScope.TagOnly,
            "" when digestOnly => MirrorScope.DigestOnly,
            "" or "all" => MirrorScope.All,
            _ => throw table.Find("pull-from-mirror")!.Invalid("pull-from-mirror must be all, digest-only or tag-only"),
        };
        return new RegistryLocation(location, table.GetBoolean("insecure") ?? false, scope);
    }
}
