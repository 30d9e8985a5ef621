using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>The errors of archives.</summary>
internal static class TarError
{
    private const string Remedy = "the archive is damaged or not a tar: get it again from its source";

    /// <summary>The bytes are not those of a tar.</summary>
    internal static ContainerEngineException Damaged(string what) =>
        new(ErrorKind.DataCorrupt, "ArchiveCorrupt", $"the archive can't be read: {what}", null, Remedy);

    /// <summary>An entry tries to reach outside the directory it is unpacked into.</summary>
    internal static ContainerEngineException Escape(ReadOnlySpan<byte> name) =>
        new(ErrorKind.DataCorrupt, "ArchiveEscape", $"the archive's entry \"{Show(name)}\" points outside the root directory", Show(name),
            "don't use this archive: no honest tool makes such an entry");

    /// <summary>An entry that contradicts the ones before.</summary>
    internal static ContainerEngineException Contradiction(ReadOnlySpan<byte> name, string why) =>
        new(ErrorKind.DataCorrupt, "ArchiveContradiction", $"the archive's entry \"{Show(name)}\" can't be unpacked: {why}", Show(name), Remedy);

    /// <summary>An entry of a kind that a layer can't have.</summary>
    internal static ContainerEngineException Unsupported(ReadOnlySpan<byte> name, string what) =>
        new(ErrorKind.Unsupported, "ArchiveEntryUnsupported", $"the archive's entry \"{Show(name)}\" is {what}", Show(name),
            "make the archive again without such entries (GNU tar: without --sparse)");

    private static string Show(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);
}
