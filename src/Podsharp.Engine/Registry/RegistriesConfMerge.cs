using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Lays the files of registries.conf over each other: lists are replaced, registries by prefix, aliases by name.</summary>
internal sealed class RegistriesConfMerge
{
    private readonly Dictionary<string, RegistryEntry> _registries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _search = [];
    private IReadOnlyList<string> _helpers = [];
    private ShortNameMode _mode = ShortNameMode.Permissive;

    /// <summary>Lays a file over what is there.</summary>
    /// <param name="table">The file.</param>
    /// <param name="isDropIn">Whether it is one of a directory of files, which must be of version 2.</param>
    /// <exception cref="ContainerEngineException">It is malformed, or contradicts itself.</exception>
    internal void Apply(TomlTable table, bool isDropIn)
    {
        if (RegistriesConfVersion1.Read(table, isDropIn) is { } old)
        {
            _search = old.Search;
            Add(old.Registries);
            return;
        }
        _search = table.GetArray("unqualified-search-registries") is { } search ? [.. search.Select(RegistryTable.ReadHost)] : _search;
        _helpers = table.GetStrings("credential-helpers") ?? _helpers;
        // It hands credentials to a layer store that fetches layers itself. A store with such a part isn't written by us, so there is nobody to hand them to.
        _ = table.GetString("additional-layer-store-auth-helper");
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
        Add(RegistryTable.ReadAll(table));
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
        CredentialHelpers = _helpers.Count > 0 ? _helpers : new RegistriesConf().CredentialHelpers,
        Aliases = _aliases,
        Registries = _registries,
    };

    private void Add(IEnumerable<RegistryEntry> entries)
    {
        // The first of a file counts, and stands in for that of an earlier file.
        foreach (var entry in entries.DistinctBy(entry => entry.Prefix))
        {
            _registries[entry.Prefix] = entry;
        }
    }

    private void ApplyAliases(TomlTable table)
    {
        if (table.GetTable("aliases") is not { } aliases)
        {
            return;
        }
        foreach (var name in aliases.Keys)
        {
            var value = aliases.GetString(name)!;
            if (!ImageReference.IsShort(name) || !IsName(name))
            {
                throw aliases.Find(name)!.Invalid($"the alias \"{name}\" must be a name without a registry, a tag and a digest");
            }
            if (value.Length > 0 && (ImageReference.IsShort(value) || !IsName(value)))
            {
                throw aliases.Find(name)!.Invalid($"the alias \"{name}\" must stand for a full name without tag and digest, as registry.example.org/{name}");
            }
            // An empty value takes an alias of an earlier file away.
            _ = value.Length > 0 ? (_aliases[name] = value) is not null : _aliases.Remove(name);
        }
    }

    private static bool IsName(string text) => ImageReference.TryParse(text, out var full, out _) && full is { Tag: null, Digest: null };
}
