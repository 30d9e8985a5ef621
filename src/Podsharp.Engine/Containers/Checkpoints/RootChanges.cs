using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What a container has changed in its root file system, as a tar of what came and a list of what went.</summary>
internal sealed class RootChanges
{
    private readonly IReadOnlyList<StoredLayer> chain;
    private readonly List<FileSystemChange> changes;

    // Directories that hide those below them are told as deleted, and are there all the same.
    private readonly HashSet<string> replaced = new(StringComparer.Ordinal);

    /// <param name="chain">The container's layer and those below it.</param>
    /// <param name="changes">What has changed, each directory before what is in it.</param>
    internal RootChanges(IReadOnlyList<StoredLayer> chain, IEnumerable<FileSystemChange> changes)
    {
        this.chain = chain;
        this.changes = [.. changes];
        using var upper = OpenDirectory(chain[0]);
        foreach (var change in this.changes.Where(change => change.Kind == FileSystemChangeKind.Deleted))
        {
            if (Files.TryOpenConfined(upper, change.Path[1..], OpenFlags.Path | OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var directory) != Errno.None)
                continue;
            directory!.Dispose();
            replaced.Add(change.Path);
        }
    }

    /// <summary>Whether anything came.</summary>
    internal bool HasFiles => changes.Exists(change => change.Kind != FileSystemChangeKind.Deleted || replaced.Contains(change.Path));

    /// <summary>Writes what came: owners as this process sees them, as podman has it.</summary>
    internal void WriteFiles(Stream target, CancellationToken cancellationToken)
    {
        using var upper = OpenDirectory(chain[0]);
        var writer = new TarWriter(target);
        var archiver = new TreeArchiver(writer, cancellationToken);
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (change.Kind == FileSystemChangeKind.Deleted && !replaced.Contains(change.Path))
                continue;
            var path = Encoding.UTF8.GetBytes(change.Path[1..]);
            TarPath.Split(path, out var above, out var name);
            if (Files.TryOpenConfined(upper, above.IsEmpty ? "."u8 : above, OpenFlags.Path | OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var parent) != Errno.None)
                continue;
            using (parent)
            {
                // By itself: what is in it has changes of its own.
                if (Files.TryOpenAt(parent!, name, OpenFlags.Directory | OpenFlags.NoFollow, 0, out var directory) == Errno.None)
                    using (directory)
                        archiver.AddDirectoryAlone(directory!, path, hidesBelow: false);
                else
                    archiver.Add(parent!, name.ToArray(), path);
            }
        }
        writer.Finish();
    }

    /// <summary>What went, as absolute paths in JSON; null for nothing.</summary>
    internal byte[]? Deleted()
    {
        var gone = changes.Where(change => change.Kind == FileSystemChangeKind.Deleted).SelectMany(Gone).ToList();
        if (gone.Count == 0)
            return null;
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var path in gone)
                json.WriteStringValue(path);
            json.WriteEndArray();
        }
        return text.ToArray();
    }

    /// <summary>Makes the changes in another container's root. What went goes first, so that what has come in its place stays.</summary>
    /// <param name="root">The root.</param>
    /// <param name="files">The tar of what came; null for nothing.</param>
    /// <param name="deleted">The list of what went; null for nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: one of the two is damaged or hostile.</exception>
    internal static void Apply(SafeFileHandle root, string? files, byte[]? deleted, CancellationToken cancellationToken)
    {
        foreach (var path in ReadList(deleted))
            Remove(root, Encoding.UTF8.GetBytes(path));
        if (files is null)
            return;
        using var extractor = new TreeExtractor(root, [], new ExtractOptions { Overwrite = true });
        using var source = File.OpenRead(files);
        ArchiveInput.RunAsync(source, extractor.Extract, cancellationToken).GetAwaiter().GetResult();
    }

    private static List<string> ReadList(byte[]? text)
    {
        if (text is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(text);
            // podman writes null for an empty one.
            return document.RootElement.ValueKind == JsonValueKind.Null ? [] : [.. document.RootElement.EnumerateArray().Select(path => path.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw TarError.Damaged($"{CheckpointMembers.DeletedFiles} is no list of paths");
        }
    }

    private static void Remove(SafeFileHandle root, byte[] path)
    {
        TarPath.Split(TarPath.Normalise(path), out var above, out var name);
        if (name.IsEmpty || Files.TryOpenConfined(root, above.IsEmpty ? "."u8 : above, OpenFlags.Path | OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0, out var parent) != Errno.None)
            return;
        using (parent)
        using (var directory = Files.OpenAt(parent!, ".", OpenFlags.Directory))
            Files.RemoveTree(directory, name);
    }

    // A directory that hides those below it is in the container's layer, too. What they hold and it doesn't is gone.
    private IEnumerable<string> Gone(FileSystemChange change)
    {
        if (!replaced.Contains(change.Path))
            return [change.Path];
        var kept = NamesIn(chain[0], change.Path).ToHashSet(StringComparer.Ordinal);
        return chain.Skip(1).SelectMany(layer => NamesIn(layer, change.Path)).Distinct().Where(name => !kept.Contains(name)).Select(name => $"{change.Path}/{name}");
    }

    private static IEnumerable<string> NamesIn(StoredLayer layer, string path)
    {
        using var top = OpenDirectory(layer);
        if (Files.TryOpenConfined(top, path[1..], OpenFlags.ReadOnly | OpenFlags.Directory, ResolveFlags.Beneath | ResolveFlags.NoSymlinks, 0, out var directory) != Errno.None)
            return [];
        using (directory)
            return [.. Files.ReadDirectory(directory!).Select(entry => Encoding.UTF8.GetString(entry.Name))];
    }

    private static SafeFileHandle OpenDirectory(StoredLayer layer) => Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Directory);
}
