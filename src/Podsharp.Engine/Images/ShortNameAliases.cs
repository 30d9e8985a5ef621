using System.Text;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>The file in which the answers to questions about short names are kept (containers-registries.conf(5), "Short-name aliases").</summary>
internal static class ShortNameAliases
{
    private const uint Readable = 0x1A4; // 0644
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700

    /// <summary>Keeps an answer. Other tools of the family write the file, too, under the same lock.</summary>
    /// <param name="name">The short name; a tag or digest is left out.</param>
    /// <param name="full">The full name it stands for.</param>
    /// <param name="environment">Where the file is.</param>
    /// <param name="cancellationToken">Ends the wait for another writer.</param>
    /// <exception cref="ContainerEngineException">The file is malformed.</exception>
    internal static void Record(string name, ImageReference full, ConfigurationEnvironment environment, CancellationToken cancellationToken)
    {
        var path = RegistriesConf.AliasCacheOf(environment);
        Files.MakeDirectories(Path.GetDirectoryName(path)!, OwnerOnlyDirectory);
        using var held = FileLock.Acquire(path + ".lock", LockMode.Exclusive, cancellationToken, Readable);
        var aliases = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (TomlParser.ParseFile(path)?.GetTable("aliases") is { } known)
        {
            foreach (var key in known.Keys)
            {
                aliases[key] = known.GetString(key)!;
            }
        }
        aliases[ImageReference.Split(ImageReference.StripTransport(name)).Name] = full.Repository;
        var text = new StringBuilder("[aliases]\n");
        foreach (var (key, value) in aliases)
        {
            text.Append("  \"").Append(key).Append("\" = \"").Append(value).Append("\"\n");
        }
        Files.Replace(path, Encoding.UTF8.GetBytes(text.ToString()), Readable, durable: false);
    }
}
