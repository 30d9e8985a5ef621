using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>Files to be replaced: written beside the old ones first, made durable together, then renamed into place.</summary>
internal sealed class FileBatch : IDisposable
{
    private const uint PrivateFile = 0x180; // 0600
    private readonly List<Item> items = [];

    /// <summary>Whether there is nothing to replace.</summary>
    internal bool IsEmpty => items.Count == 0;

    /// <summary>Writes a new content beside the old one.</summary>
    /// <param name="path">The file to be replaced.</param>
    /// <param name="content">The new content.</param>
    /// <param name="durable">Whether it must survive a power failure.</param>
    internal void Add(string path, ReadOnlySpan<byte> content, bool durable)
    {
        var temporary = Files.WriteBeside(path, content, PrivateFile, out var file);
        items.Add(new Item(path, temporary, file, durable));
    }

    /// <summary>Makes batches durable: all are on their way to the disk before the first is waited for.</summary>
    internal static void Sync(params ReadOnlySpan<FileBatch> batches)
    {
        foreach (var batch in batches)
            batch.ForEachUnsynced(Files.StartWriteback);
        foreach (var batch in batches)
        {
            batch.ForEachUnsynced(file => Files.SyncData(file));
            batch.Close();
        }
    }

    /// <summary>Renames the files into place, making them durable before if that hasn't been done.</summary>
    internal void Apply()
    {
        Sync(this);
        foreach (var item in items)
        {
            LinuxError.Check(item.Durable ? Files.TryRename(item.Temporary, item.Path) : Files.TryReplaceUnflushed(item.Temporary, item.Path),
                "replace", item.Path);
        }
        items.Clear();
    }

    /// <summary>Takes back what wasn't applied.</summary>
    public void Dispose()
    {
        Close();
        foreach (var item in items)
            Files.TryRemove(item.Temporary);
        items.Clear();
    }

    private void ForEachUnsynced(Action<SafeFileHandle> action)
    {
        foreach (var item in items)
        {
            if (item.Durable && !item.File.IsClosed)
                action(item.File);
        }
    }

    private void Close()
    {
        foreach (var item in items)
            item.File.Dispose();
    }

    private sealed record Item(string Path, string Temporary, SafeFileHandle File, bool Durable);
}
