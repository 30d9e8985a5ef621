using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Storage;

/// <summary>Unpacks one layer: tar in, files and tar-split out, in one pass.</summary>
internal sealed class LayerUnpacker
{
    private readonly LayerTree tree;
    private readonly TarSplitWriter tarSplit;
    private readonly TarReader reader;
    private readonly SortedSet<uint> userIds = [];
    private readonly SortedSet<uint> groupIds = [];

    private LayerUnpacker(LayerTree tree, TarSplitWriter tarSplit, ITarInput input)
    {
        this.tree = tree;
        this.tarSplit = tarSplit;
        reader = new TarReader(input, tarSplit);
    }

    /// <summary>Unpacks a tar.</summary>
    /// <param name="tar">The uncompressed tar, read to its end.</param>
    /// <param name="rootPath">The directory to unpack below.</param>
    /// <param name="tarSplitPath">The tar-split file to be made.</param>
    /// <param name="configuration">How the store wants it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static UnpackResult Unpack(Stream tar, string rootPath, string tarSplitPath, StorageConfiguration configuration,
        CancellationToken cancellationToken)
    {
        using var tree = new LayerTree(rootPath, configuration.Rootless, configuration.IgnoreOwnerErrors);
        using var tarSplit = new TarSplitWriter(tarSplitPath);
        LayerUnpacker? unpacker = null;
        var (hash, length) = TarPump.Run(tar, input =>
        {
            unpacker = new LayerUnpacker(tree, tarSplit, input);
            unpacker.Run();
        }, cancellationToken);
        return new UnpackResult("sha256:" + hash, length, [.. unpacker!.userIds], [.. unpacker.groupIds]);
    }

    private void Run()
    {
        while (reader.Next() is { } entry)
        {
            userIds.Add(entry.UserId);
            groupIds.Add(entry.GroupId);
            Add(entry, TarPath.Normalise(entry.Name));
            tree.TrimDirectories();
        }
        reader.Finish();
        tree.FinishDirectories();
        tarSplit.Finish();
    }

    private void Add(TarEntry entry, ReadOnlySpan<byte> path)
    {
        TarPath.Split(path, out var directory, out var name);
        if (name.StartsWith(".wh."u8))
        {
            AddWhiteout(entry, directory, name);
            return;
        }
        switch (entry.Type)
        {
            case TarEntryType.File:
                AddFile(entry, path);
                return;
            case TarEntryType.Directory:
                tree.AddDirectory(entry, path);
                break;
            case TarEntryType.Symlink:
                tree.AddSymlink(entry, path);
                break;
            case TarEntryType.HardLink:
                tree.AddHardLink(entry, path);
                break;
            default:
                tree.AddNode(entry, path);
                break;
        }
        tarSplit.AddFile(entry.Name, 0, 0);
    }

    private void AddFile(TarEntry entry, ReadOnlySpan<byte> path)
    {
        using var file = tree.BeginFile(entry, path);
        var state = Crc64.Start;
        while (reader.ReadData(int.MaxValue) is { IsEmpty: false } data)
        {
            state = Crc64.Append(state, data);
            LayerTree.Write(entry, file, data);
        }
        tree.FinishFile(entry, file);
        var name = tree.RealPath(path);
        tarSplit.AddFile(name.AsSpan().SequenceEqual(path) ? entry.Name : name, entry.Size, Crc64.Finish(state));
    }

    private void AddWhiteout(TarEntry entry, ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(".wh..wh..opq"u8))
            tree.AddOpaqueMark(entry, directory);
        else
            tree.AddWhiteout(entry, directory, name[4..]);
        tarSplit.AddFile(entry.Name, 0, 0);
        // A whiteout has no content; if one has, it is kept with the headers, since there is no file to hold it.
        while (reader.ReadData(int.MaxValue) is { IsEmpty: false } data)
            tarSplit.Append(data);
    }
}
