using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Build;

/// <summary>Makes one layer of several: what an overlay of them shows, and what it hides of layers below them.</summary>
/// <param name="writer">The tar.</param>
/// <param name="opaqueAttribute">The attribute of a directory that hides the one below.</param>
/// <param name="hidesBelow">Whether there are layers below: else marks of deletion mean nothing.</param>
/// <param name="times">What becomes of times.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class LayerMerge(TarWriter writer, string opaqueAttribute, bool hidesBelow, LayerTimes times, CancellationToken cancellationToken)
{
    private readonly TreeArchiver archiver = new(writer, cancellationToken, new LayerRules(opaqueAttribute, new HashSet<string>())) { Times = times };

    /// <summary>Writes the content of directories that lie upon each other.</summary>
    /// <param name="layers">They, the uppermost first.</param>
    /// <param name="path">Their path.</param>
    internal void Write(IReadOnlyList<SafeFileHandle> layers, byte[] path)
    {
        var names = new SortedSet<byte[]>(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        foreach (var layer in layers)
        {
            using var directory = Files.OpenAt(layer, ".", OpenFlags.Directory);
            names.UnionWith(Files.ReadDirectory(directory).Select(entry => entry.Name));
        }
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteEntry(layers, name, path.Length == 0 ? name : [.. path, (byte)'/', .. name]);
        }
    }

    private void WriteEntry(IReadOnlyList<SafeFileHandle> layers, byte[] name, byte[] path)
    {
        var directories = new List<SafeFileHandle>();
        var isOpaque = false;
        try
        {
            foreach (var layer in layers)
            {
                if (Files.TryStatus(layer, name.AsSpan(), followLink: false, out var status) != Errno.None)
                    continue;
                if (!status.IsDirectory)
                {
                    // Below a directory it only says that nothing further down is meant.
                    isOpaque = true;
                    if (directories.Count == 0 && (hidesBelow || !IsMark(status)))
                        archiver.Add(layer, name, path);
                    break;
                }
                var directory = Files.OpenAt(layer, name.AsSpan(), OpenFlags.Directory | OpenFlags.NoFollow);
                directories.Add(directory);
                if (Files.TryGetAttribute(directory, opaqueAttribute) is [(byte)'y'])
                {
                    isOpaque = true;
                    break;
                }
            }
            if (directories.Count == 0)
                return;
            archiver.AddDirectoryAlone(directories[0], path, isOpaque && hidesBelow);
            Write(directories, path);
        }
        finally
        {
            directories.ForEach(directory => directory.Dispose());
        }
    }

    private static bool IsMark(in FileStatus status) => status is { Type: ModeBits.CharacterDevice, SpecialMajor: 0, SpecialMinor: 0 };
}
