using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Reads the tables <c>[[registry]]</c> of a file of registries.conf.</summary>
internal static class RegistryTable
{
    /// <summary>Reads all of a file, in its order.</summary>
    /// <exception cref="ContainerEngineException">One is malformed, or two contradict each other.</exception>
    internal static IReadOnlyList<RegistryEntry> ReadAll(TomlTable file)
    {
        var entries = new List<RegistryEntry>();
        foreach (var table in file.GetTables("registry"))
        {
            var entry = Read(table);
            // A place may have several prefixes with mirrors of their own, but it is either safe or not.
            if (entries.Find(other => Place(other) == Place(entry) && (other.Blocked != entry.Blocked || other.Primary.Insecure != entry.Primary.Insecure)) is { } other)
            {
                throw TomlError.At(table.File, table.Line, $"the registry \"{Place(entry)}\" is there twice, and the two contradict each other about \"{(other.Blocked != entry.Blocked ? "blocked" : "insecure")}\"");
            }
            entries.Add(entry);
        }
        return entries;
    }

    /// <summary>Reads a registry's host from an array.</summary>
    /// <exception cref="ContainerEngineException">It is none.</exception>
    internal static string ReadHost(TomlNode node)
    {
        var host = ReadPlace(node.Value as string ?? throw node.Invalid("every item must be a string"), node);
        return ReferenceGrammar.Check(host, "x", null, null) is { } problem ? throw node.Invalid($"{problem}: write HOST[:PORT]") : host;
    }

    /// <summary>Reads a registry or a part of it from an array.</summary>
    /// <exception cref="ContainerEngineException">It is written as an address.</exception>
    internal static string ReadPlace(TomlNode node) => ReadPlace(node.Value as string ?? throw node.Invalid("every item must be a string"), node);

    private static RegistryEntry Read(TomlTable table)
    {
        var location = ReadPlace(table, "location");
        var prefix = ReadPlace(table, "prefix") is { Length: > 0 } given ? given : location;
        if (prefix.Length == 0)
        {
            throw TomlError.At(table.File, table.Line, "a [[registry]] needs a prefix or a location");
        }
        var isWildcard = prefix.StartsWith("*.", StringComparison.Ordinal);
        if (isWildcard && prefix.AsSpan().ContainsAny('/', '@', ':'))
        {
            throw TomlError.At(table.File, table.Line, $"the prefix \"{prefix}\" must be a host only, as *.example.com");
        }
        if (table.Find("pull-from-mirror") is { Value: not "" } stray)
        {
            throw stray.Invalid("pull-from-mirror belongs to a [[registry.mirror]], not to the registry itself");
        }
        var digestMirrors = table.GetBoolean("mirror-by-digest-only") ?? false;
        return new RegistryEntry(
            prefix,
            new RegistryLocation(location.Length == 0 && !isWildcard ? prefix : location, table.GetBoolean("insecure") ?? false),
            table.GetBoolean("blocked") ?? false,
            [.. table.GetTables("mirror").Select(mirror => ReadMirror(mirror, digestMirrors))]);
    }

    private static RegistryLocation ReadMirror(TomlTable table, bool digestOnly)
    {
        var location = ReadPlace(table, "location") is { Length: > 0 } given ? given : throw TomlError.At(table.File, table.Line, "a mirror needs a location");
        var scope = (table.GetString("pull-from-mirror") ?? "") switch
        {
            { Length: > 0 } when digestOnly => throw table.Find("pull-from-mirror")!.Invalid("pull-from-mirror and the registry's mirror-by-digest-only exclude each other"),
            "digest-only" => MirrorScope.DigestOnly,
            "tag-only" => MirrorScope.TagOnly,
            "" when digestOnly => MirrorScope.DigestOnly,
            "" or "all" => MirrorScope.All,
            _ => throw table.Find("pull-from-mirror")!.Invalid("pull-from-mirror must be all, digest-only or tag-only"),
        };
        return new RegistryLocation(location, table.GetBoolean("insecure") ?? false, scope);
    }

    private static string Place(RegistryEntry entry) => entry.Primary.Location.Length > 0 ? entry.Primary.Location : entry.Prefix;

    private static string ReadPlace(TomlTable table, string key) => table.GetString(key) is { } text ? ReadPlace(text, table.Find(key)!) : "";

    private static string ReadPlace(string text, TomlNode node) => text.Contains("://", StringComparison.Ordinal)
        ? throw node.Invalid($"\"{text}\" must be written without http:// and https://") : text.TrimEnd('/');
}
