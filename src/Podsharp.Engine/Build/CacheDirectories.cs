using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Engine.Build.Syntax;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;

namespace Podsharp.Engine.Build;

/// <summary>The directories that RUNs keep from one build to the next (<c>--mount=type=cache</c>). A lock file beside each says whether somebody uses it: a command that
/// wants it alone holds it exclusively, others share it.</summary>
internal sealed class CacheDirectories(EngineParts parts)
{
    private const uint PrivateFile = 0x180; // 0600
    private const uint PublicDirectory = 0x1ED; // 0755
    private const string LockSuffix = ".lock";
    private const string StagingSuffix = ".new";

    private string Root => Path.Combine(parts.Paths.StateDirectory, "build-cache");

    /// <summary>Takes a cache for a command, and makes it if there is none.</summary>
    /// <param name="id">The cache's id.</param>
    /// <param name="mount">Who may use it besides, and what a new one is like.</param>
    /// <param name="fill">Puts files into a new one; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for others.</param>
    /// <returns>The directory, and what holds it.</returns>
    internal async Task<(string Path, FileLock Held)> TakeAsync(string id, RunMount mount, Action<string, CancellationToken>? fill, CancellationToken cancellationToken)
    {
        Files.MakeDirectories(Root, 0x1C0 /* 0700 */);
        var path = Path.Combine(Root, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))));
        var held = mount.Sharing switch
        {
            CacheSharing.Locked => await FileLock.AcquireAsync(path + LockSuffix, LockMode.Exclusive, cancellationToken, PrivateFile),
            CacheSharing.Shared => await FileLock.AcquireAsync(path + LockSuffix, LockMode.Shared, cancellationToken, PrivateFile),
            _ => TakeFree(ref path),
        };
        try
        {
            Make(path, mount, fill, cancellationToken);
            return (path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void Make(string path, RunMount mount, Action<string, CancellationToken>? fill, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(path) is not null)
            return;
        // Whoever else shares it may be about to make it, too: the first to have it whole is the one.
        var staging = $"{path}.{Guid.NewGuid():N}{StagingSuffix}";
        Files.MakeDirectory(staging, PublicDirectory);
        try
        {
            fill?.Invoke(staging, cancellationToken);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, staging, mount.Mode ?? PublicDirectory), "change the mode of", staging);
            LinuxError.Check(Files.TryChangeOwner(Files.Absolute, staging, mount.UserId ?? 0, mount.GroupId ?? 0), "change the owner of", staging);
            StepPoints.Reach("build.cache.staged");
            if (Files.TryRename(staging, path) != Errno.None && Files.TryStatus(path) is null)
                throw LinuxError.Create(LinuxError.Last, "make the cache", path);
        }
        finally
        {
            if (Directory.Exists(staging))
                Files.RemoveTree(staging);
        }
    }

    /// <summary>The caches that nobody uses, with the bytes in them.</summary>
    internal IEnumerable<(string Name, long Size)> List(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Root))
            yield break;
        foreach (var path in Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal))
        {
            using var held = FileLock.TryAcquire(LockOf(path), LockMode.Exclusive, fileMode: PrivateFile);
            if (held is not null)
                yield return (Path.GetFileName(path), TreeSize.Of(path, cancellationToken));
        }
    }

    /// <summary>Removes one; false if somebody uses it.</summary>
    internal bool TryRemove(string name)
    {
        var path = Path.Combine(Root, name);
        using var held = FileLock.TryAcquire(LockOf(path), LockMode.Exclusive, fileMode: PrivateFile);
        if (held is null)
            return false;
        Files.RemoveTree(path);
        if (Files.TryStatus(LockOf(path)[..^LockSuffix.Length]) is null)
            _ = Files.TryRemove(LockOf(path));
        return true;
    }

    // Whoever makes a cache holds the lock of what it is to be. One that a killed build was making is pruned with the rest.
    private static string LockOf(string path) => (path.EndsWith(StagingSuffix, StringComparison.Ordinal) ? path[..path.IndexOf('.', path.LastIndexOf('/'))] : path) + LockSuffix;

    private static FileLock TakeFree(ref string path)
    {
        var first = path;
        for (var i = 1; ; i++)
        {
            if (FileLock.TryAcquire(path + LockSuffix, LockMode.Exclusive, fileMode: PrivateFile) is { } free)
                return free;
            path = $"{first}-{i.ToString(CultureInfo.InvariantCulture)}";
        }
    }
}
