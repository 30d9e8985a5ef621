using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Version 1 of registries.conf, which old hosts have as their main file: the lists <c>registries</c> of the tables <c>[registries.search]</c>,
/// <c>[registries.insecure]</c> and <c>[registries.block]</c>.</summary>
/// <param name="Search">Registries that short names are looked for in.</param>
/// <param name="Registries">What the other two lists say, as of version 2.</param>
internal sealed record RegistriesConfVersion1(IReadOnlyList<string> Search, IReadOnlyList<RegistryEntry> Registries)
{
    private static readonly string[] s_version2 =
        ["unqualified-search-registries", "registry", "aliases", "short-name-mode", "credential-helpers", "additional-layer-store-auth-helper"];

    /// <summary>Reads a file; null where it has no list of version 1.</summary>
    /// <exception cref="ContainerEngineException">It is a drop-in, or has keys of both versions.</exception>
    internal static RegistriesConfVersion1? Read(TomlTable table, bool isDropIn)
    {
        if (table.GetTable("registries") is not { } lists)
        {
            return null;
        }
        var (search, insecure, blocked) = (List(lists, "search"), List(lists, "insecure"), List(lists, "block"));
        if (search is null && insecure is null && blocked is null)
        {
            return null;
        }
        if (isDropIn || s_version2.Any(key => table.Find(key) is not null))
        {
            throw table.Find("registries")!.Invalid((isDropIn ? "files in registries.conf.d must be of version 2" : "versions 1 and 2 must not be mixed")
                + ": write unqualified-search-registries, and [[registry]] with insecure or blocked, instead of [registries.search], [registries.insecure] and [registries.block]");
        }
        IReadOnlyList<string> refused = [.. (blocked ?? []).Select(RegistryTable.ReadPlace)], unsafely = [.. (insecure ?? []).Select(RegistryTable.ReadPlace)];
        return new([.. (search ?? []).Select(RegistryTable.ReadHost)],
            [.. refused.Union(unsafely).Select(place => new RegistryEntry(place, new RegistryLocation(place, unsafely.Contains(place)), refused.Contains(place), []))]);
    }

    private static IReadOnlyList<TomlNode>? List(TomlTable lists, string name) => lists.GetTable(name)?.GetArray("registries");
}
