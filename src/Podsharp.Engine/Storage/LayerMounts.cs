using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>Mounts layers and keeps count in mountpoints.json, which podman shares.</summary>
/// <remarks>The count is only a hint: it is wrong after a kill and in another mount namespace. Whether a layer is mounted here is
/// asked of the kernel.</remarks>
internal sealed class LayerMounts
{
    private readonly StorageConfiguration configuration;
    private readonly LayerStore layers;
    private readonly StoreFile<MountCount> counts;

    internal LayerMounts(StorageConfiguration configuration, LayerStore layers)
    {
        this.configuration = configuration;
        this.layers = layers;
        var directory = configuration.RunRoot + "/overlay-layers";
        counts = new StoreFile<MountCount>(directory + "/mountpoints.lock", directory + "/mountpoints.json", null,
            (raw, _) => RecordParser.ParseMountCount(raw));
    }

    /// <summary>The layers that somebody has mounted.</summary>
    internal IReadOnlyCollection<string> ReadMounted() =>
        counts.Read().Records.Where(mount => mount.Count > 0).Select(mount => mount.LayerId).ToHashSet();

    /// <summary>Mounts a read-write layer on its "merged" directory.</summary>
    /// <param name="layerId">The layer.</param>
    /// <param name="isVolatile">Without syncing.</param>
    /// <param name="below">The directory below a layer without parent; null for an empty one.</param>
    /// <returns>That directory.</returns>
    internal string Mount(string layerId, bool isVolatile, string? below = null) => Mount(layerId, isVolatile, below, readOnly: false);

    /// <summary>Mounts an image's layer, to be read only, on its "merged" directory.</summary>
    /// <returns>That directory.</returns>
    /// <exception cref="ContainerEngineException">It is in an additional store, which is never written (Unsupported).</exception>
    internal string MountReadOnly(string layerId) => Mount(layerId, isVolatile: false, below: null, readOnly: true);

    private string Mount(string layerId, bool isVolatile, string? below, bool readOnly)
    {
        while (true)
        {
            // The first to mount makes the driver's directory private. podman does so under this lock, which comes before the others:
            // without it both could do it at once, and what the one has mounted would lie hidden under the other's mount.
            using var home = NeedsHome() ? FileLock.Acquire(configuration.GraphRoot + "/storage.lock", LockMode.Exclusive) : null;
            if (TryMount(layerId, isVolatile, below, readOnly, home is not null) is { } target)
                return target;
        }
    }

    // null when the driver's directory was made public again meanwhile.
    private string? TryMount(string layerId, bool isVolatile, string? below, bool readOnly, bool mayMakeHome)
    {
        using var reading = layers.BeginRead();
        var layer = layers.Find(reading.Snapshot, layerId) ?? throw LayerStore.Missing(layerId);
        if (layer.StoreRoot != configuration.GraphRoot)
            throw EngineErrors.Unsupported($"the layer {layerId[..12]} is in a read-only store, where nothing can be mounted", layerId, "make a container of the image and mount that");
        var target = layer.DirectoryPath + "/merged";
        Files.MakeDirectories(configuration.RunRoot + "/overlay-layers", 0x1C0);
        using var writing = counts.BeginWrite();
        var count = writing.Snapshot.Find(layerId)?.Count ?? 0;
        if (!Mounts.IsMountPoint(target))
        {
            if (!mayMakeHome && NeedsHome())
                return null;
            count = 0;
            MakeHomePrivate();
            MountOverlay(layer, layers.GetChain(layerId), target, isVolatile, below, readOnly);
            StepPoints.Reach("storage.mount.mounted");
        }
        Save(writing, layerId, target, Math.Max(count, 0) + 1);
        return target;
    }

    /// <summary>Takes one mount off the count and unmounts at the last.</summary>
    /// <param name="layerId">The layer.</param>
    /// <param name="force">Unmount whatever the count says.</param>
    /// <returns>Whether the layer is unmounted now.</returns>
    internal bool Unmount(string layerId, bool force)
    {
        var target = $"{configuration.DriverRoot}/{layerId}/merged";
        if (Files.TryStatus(configuration.RunRoot + "/overlay-layers") is null)
            return TryUnmount(target);
        var (gone, isLast) = Unmount(layerId, target, force);
        if (isLast)
            ReleaseHome();
        return gone;
    }

    private (bool Gone, bool IsLast) Unmount(string layerId, string target, bool force)
    {
        using var reading = layers.BeginRead();
        using var writing = counts.BeginWrite();
        var count = writing.Snapshot.Find(layerId)?.Count ?? 0;
        if (count > 1 && !force && Mounts.IsMountPoint(target))
        {
            Save(writing, layerId, target, count - 1);
            return (false, false);
        }
        var wasMounted = Mounts.IsMountPoint(target);
        var gone = TryUnmount(target);
        StepPoints.Reach("storage.mount.unmounted");
        if (gone && count > 0)
            Save(writing, layerId, target, 0);
        return (gone, gone && (wasMounted || count > 0) && writing.Snapshot.Records.All(mount => mount.Count == 0));
    }

    /// <summary>Where a layer is mounted, or null.</summary>
    internal string? MountedPath(string layerId) =>
        $"{configuration.DriverRoot}/{layerId}/merged" is var target && Mounts.IsMountPoint(target) ? target : null;

    /// <summary>How often a layer is mounted, as far as is known.</summary>
    internal int Count(string layerId) => counts.Read().Records.FirstOrDefault(mount => mount.LayerId == layerId)?.Count ?? 0;

    /// <summary>Opens a layer that is mounted, or returns null. The handle stays good if it is unmounted meanwhile.</summary>
    internal SafeFileHandle? TryOpenMounted(string layerId)
    {
        while (MountedPath(layerId) is { } target)
        {
            var handle = Files.Open(target, OpenFlags.Directory);
            // Unmounted between the look and the opening, it would be the empty directory below.
            if (Files.Status(handle).MountRoot is not false)
                return handle;
            handle.Dispose();
        }
        return null;
    }

    /// <summary>Mounts a layer where nobody sees it and counts it nowhere: the mount lives as long as handles of it do, and ends with
    /// this process, whatever ends that.</summary>
    /// <param name="layerId">The layer.</param>
    /// <param name="isVolatile">Whether it needn't survive a power failure.</param>
    /// <param name="below">What is below it where there is no image.</param>
    /// <param name="readOnly">Others may mount the layer meanwhile: then what they change is seen, or not, or half. Without it nobody
    /// else may mount it: that is for the caller to see to.</param>
    internal MountedDirectory OpenPrivately(string layerId, bool isVolatile, string? below, bool readOnly)
    {
        var layer = layers.Find(layerId) ?? throw LayerStore.Missing(layerId);
        var chain = layers.GetChain(layerId);
        var target = layer.DirectoryPath + "/merged";
        return Namespaces.OpenWithPrivateMounts(configuration.DriverRoot, () =>
        {
            MountOverlay(layer, chain, target, isVolatile, below, readOnly);
            StepPoints.Reach("storage.private.mounted");
            return Files.Open(target, OpenFlags.Directory);
        });
    }

    private static bool TryUnmount(string target)
    {
        // Several mounts may be stacked where two processes believed a stale count.
        for (var i = 0; i < 16 && Mounts.IsMountPoint(target); i++)
        {
            var errno = Mounts.TryUnmount(target, lazily: true);
            if (errno is not (Errno.None or Errno.Invalid or Errno.NoEntry))
                throw LinuxError.Create(errno, "unmount", target);
        }
        return true;
    }

    private static void Save(StoreFile<MountCount>.StoreWriting writing, string layerId, string target, int count)
    {
        List<MountCount> mounts = [.. writing.Snapshot.Records.Where(mount => mount.LayerId != layerId && mount.Count > 0)];
        if (count > 0)
            mounts.Add(new MountCount(layerId, target, count));
        writing.Save(mounts);
    }

    private void MountOverlay(StoredLayer layer, IReadOnlyList<StoredLayer> chain, string target, bool isVolatile, string? below, bool readOnly = false)
    {
        Files.MakeDirectory(target, 0x1C0 /* 0700 */);
        var directory = layer.DirectoryPath;
        // The kernel leaves this after a volatile mount that wasn't unmounted, and then refuses the next one.
        if (!readOnly)
            Files.RemoveTree(directory + "/work/work/incompat");
        List<StoredLayer> lower = [.. readOnly ? chain : chain.Skip(1)];
        var lowers = lower.Select(layer => layer.DirectoryPath + "/diff").ToList();
        if (chain.Count == 1 && below is not null)
            lowers.Add(below);
        // The kernel wants one lower directory below a writable one, and two without that.
        if (lowers.Count == 0 || (readOnly && lowers.Count == 1))
        {
            Files.MakeDirectory(directory + "/empty", 0x1C0);
            lowers.Add(directory + "/empty");
        }
        var options = readOnly ? OverlayOptions.CreateReadOnly(configuration, layer)
            : OverlayOptions.Create(configuration, layer, isVolatile && !configuration.DisableVolatile);
        if (layer.IsMapped && !chain.Skip(1).Any(below => below.IsMapped) && !OwnerShift.IsDone(layer))
        {
            if (MappedOverlay.TryMount(configuration.DriverRoot, layer, options, lowers, target))
                return;
            OwnerShift.Do(configuration.DriverRoot, layer, target, () => options.TryMount(configuration.DriverRoot, lower, lowers, target));
        }
        LinuxError.Check(options.TryMount(configuration.DriverRoot, lower, lowers, target), "mount the overlay on", target);
    }

    // The last one takes the private mount away, as podman does: not lazily, so that the kernel refuses while anything is mounted or
    // open below. The token tells processes that opened the store before to look again.
    private void ReleaseHome()
    {
        if (configuration.SkipMountHome || !Mounts.IsMountPoint(configuration.DriverRoot))
            return;
        using var held = FileLock.Acquire(configuration.GraphRoot + "/storage.lock", LockMode.Exclusive);
        using var reading = counts.BeginRead();
        if (reading.Snapshot.Records.Any(mount => mount.Count > 0))
            return;
        if (Mounts.TryUnmount(configuration.DriverRoot, lazily: false) == Errno.None)
            Files.WriteAt(held.Handle, StoreToken.New(), 0);
    }

    private bool NeedsHome() => !configuration.SkipMountHome && !Mounts.IsMountPoint(configuration.DriverRoot);

    // podman makes the driver's directory a private mount of its own the first time it mounts; anything mounted below before
    // would be hidden by that. So the first to mount, whoever it is, does it.
    private void MakeHomePrivate()
    {
        if (!NeedsHome())
            return;
        var home = configuration.DriverRoot;
        Mounts.Mount(home, home, null, MountFlags.Bind, null);
        Mounts.Mount(null, home, null, MountFlags.Private, null);
    }
}
