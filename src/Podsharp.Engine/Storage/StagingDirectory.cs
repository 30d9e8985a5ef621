using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage;

/// <summary>A private directory inside the store for what isn't a layer yet, or isn't one any more: <c>temp-dir-N</c> beside a
/// locked <c>lock-N</c>. Any user of the store removes pairs whose lock is free, so what a killed process leaves is nobody's burden.</summary>
internal sealed class StagingDirectory : IDisposable
{
    private const string LockPrefix = "lock-";
    private const string DirectoryPrefix = "temp-dir-";

    private readonly FileLock held;
    private int counter;

    private StagingDirectory(FileLock held, string path)
    {
        this.held = held;
        Path = path;
    }

    /// <summary>The directory.</summary>
    internal string Path { get; }

    /// <summary>Makes one below a root such as overlay/tempdirs.</summary>
    internal static StagingDirectory Create(string root)
    {
        Files.MakeDirectories(root, 0x1C0 /* 0700 */);
        while (true)
        {
            var number = Random.Shared.NextInt64(100_000_000, 10_000_000_000).ToString(CultureInfo.InvariantCulture);
            var lockPath = $"{root}/{LockPrefix}{number}";
            var errno = Files.TryOpenAt(Files.Absolute, lockPath, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180, out var made);
            if (errno == Errno.Exists)
                continue;
            LinuxError.Check(errno, "create", lockPath);
            using (made)
                Files.ChangeMode(made!, 0x180);
            // Somebody who cleans may have got between the two calls; then the file is gone, and we take another number.
            if (TryLock(lockPath) is not { } held)
                continue;
            var path = $"{root}/{DirectoryPrefix}{number}";
            Files.MakeDirectory(path, 0x1C0);
            return new StagingDirectory(held, path);
        }
    }

    /// <summary>Removes the pairs below a root that nobody holds.</summary>
    /// <returns>What was removed.</returns>
    internal static IReadOnlyList<string> RemoveStale(string root, bool dryRun = false)
    {
        var removed = new List<string>();
        foreach (var entry in Files.ReadDirectory(root))
        {
            var name = Encoding.UTF8.GetString(entry.Name);
            if (name.StartsWith(LockPrefix, StringComparison.Ordinal))
            {
                if (TryLock($"{root}/{name}") is not { } held)
                    continue;
                using (held)
                {
                    removed.Add($"{root}/{name}");
                    if (!dryRun)
                        TryRemove($"{root}/{DirectoryPrefix}{name[LockPrefix.Length..]}", held);
                }
            }
            else if (name.StartsWith(DirectoryPrefix, StringComparison.Ordinal)
                && Files.TryStatus($"{root}/{LockPrefix}{name[DirectoryPrefix.Length..]}") is null)
            {
                // The lock is made before the directory and removed after it: this one has lost its owner.
                removed.Add($"{root}/{name}");
                if (!dryRun)
                    TryRemove($"{root}/{name}", null);
            }
        }
        return removed;
    }

    /// <summary>A path inside for something new, or for something to be thrown away.</summary>
    internal string NewPath(string name) => $"{Path}/{Interlocked.Increment(ref counter) - 1}-{name}";

    /// <summary>Lets go of the directory as it is: whoever writes to the store next removes it.</summary>
    /// <returns>What is to be removed, the lock last.</returns>
    internal IReadOnlyList<string> Abandon()
    {
        using (held)
            return [Path, held.Path];
    }

    /// <summary>Removes the directory with everything in it.</summary>
    public void Dispose()
    {
        using (held)
        {
            if (!held.Handle.IsClosed)
                Remove(held, Path);
        }
    }

    private static FileLock? TryLock(string path)
    {
        try
        {
            return FileLock.TryAcquire(path, LockMode.Exclusive, create: false);
        }
        catch (LinuxException error) when (error.Errno == Errno.NoEntry)
        {
            return null;
        }
    }

    // Another's rubbish that can't be removed (somebody has made a file in it immutable) mustn't keep everybody from writing.
    private static void TryRemove(string directory, FileLock? held)
    {
        try
        {
            RemoveTree(directory);
            if (held is not null)
                Files.TryRemove(held.Path);
        }
        catch (LinuxException)
        {
        }
    }

    private static void Remove(FileLock held, string directory)
    {
        RemoveTree(directory);
        Files.TryRemove(held.Path);
    }

    // A layer may have been mounted, out of sight, when it was moved here: below a later mount of the driver's directory. What stays here
    // because it can't be removed keeps podman from starting.
    private static void RemoveTree(string directory)
    {
        foreach (var entry in Files.ReadDirectory(directory))
        {
            var merged = $"{directory}/{Encoding.UTF8.GetString(entry.Name)}/merged";
            while (Mounts.IsMountPoint(merged) && Mounts.TryUnmount(merged, lazily: true) == Errno.None)
            {
            }
        }
        Files.RemoveTree(directory);
    }
}
