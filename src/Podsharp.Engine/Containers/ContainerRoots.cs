using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Containers' root file systems, for those who look at them from the host: mounted, or read for a while.</summary>
internal sealed class ContainerRoots(EngineParts parts)
{
    /// <summary>Opens a container's root. One that is mounted is taken as it is, and stays usable if it is unmounted meanwhile; any other
    /// is mounted where nobody sees it, counted nowhere, under the container's lock: whatever ends this process ends the mount, too.</summary>
    public ContainerRoot Open(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        try
        {
            if (TryOpenOnHost(record) is not { } mounted)
                return new(record, parts.Storage.OpenPrivately(record.Id, record.Config.RootBelow(), readOnly: false), held);
            held.Dispose();
            return new(record, mounted, null);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens a container's root to look at it: as its processes see it while there are any. It waits for nobody, so that who writes
    /// to a container may read from another meanwhile.</summary>
    public ContainerRoot OpenForReading(string nameOrId)
    {
        var record = parts.Settler.TrySettle(parts.Containers.Get(parts.Containers.Resolve(nameOrId))) ?? throw EngineErrors.ContainerNotFound(nameOrId);
        return TryOpenLive(record) ?? new(record, TryOpenOnHost(record) ?? parts.Storage.OpenPrivately(record.Id, record.Config.RootBelow(), readOnly: true), null);
    }

    /// <summary>Opens a container's root to write to it: as its processes see it while there are any. One that doesn't run isn't started
    /// meanwhile, unless it is mounted.</summary>
    public ContainerRoot OpenForWriting(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        try
        {
            if (TryOpenLive(record) is { } live)
            {
                held.Dispose();
                return live;
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }
        held.Dispose();
        return Open(nameOrId, cancellationToken);
    }

    private static ContainerRoot? TryOpenLive(ContainerRecord record) =>
        record.HasRun && Namespaces.TryOpenRoot(record.Pid, record.PidStart) is { } root ? new(record, root, null) { IsLive = true } : null;

    private MountedDirectory? TryOpenOnHost(ContainerRecord record)
    {
        if (record.Config.PlainRoot() is { } path)
            return new(Files.Open(path, OpenFlags.Directory), null);
        if (parts.Storage.FindContainer(record.Id) is null)
            throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        return parts.Storage.TryOpenMounted(record.Id) is { } mounted ? new(mounted, null) : null;
    }

    /// <summary>Writes a container's root file system as a tar.</summary>
    public void Export(string nameOrId, Stream target, CancellationToken cancellationToken)
    {
        using var root = Open(nameOrId, cancellationToken);
        var writer = new TarWriter(target);
        new TreeArchiver(writer, cancellationToken) { UserMap = root.Record.Config.UserIdMap, GroupMap = root.Record.Config.GroupIdMap }
            .AddContent(root.Directory, []);
        writer.Finish();
        parts.Containers.Log(root.Record, "export", null);
    }

    /// <summary>Mounts a container's root, or counts a mount more.</summary>
    public ContainerRootMount Mount(string nameOrId, CancellationToken cancellationToken)
    {
        RefuseOutsideNamespace();
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.Config.PlainRoot() is { } path)
                return new(record.Id, record.Name, path);
            var target = parts.Storage.Mount(record.Id, record.Config.RootBelow());
            StepPoints.Reach("container.mount.mounted");
            parts.Containers.Log(record, "mount", null);
            return new(record.Id, record.Name, target);
        }
    }

    /// <summary>Takes one mount off the count, or all of them; the one that a container runs on stays.</summary>
    public void Unmount(string nameOrId, bool force, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.Config.PlainRoot() is not null || parts.Storage.MountedPath(record.Id) is null)
                return;
            if (!record.HasRun)
                parts.Storage.Unmount(record.Id, force);
            else
                while (parts.Storage.CountMounts(record.Id) > 1 && !parts.Storage.Unmount(record.Id, force: false) && force)
                {
                }
            parts.Containers.Log(record, "unmount", null);
        }
    }

    /// <summary>The containers whose roots are mounted, oldest first.</summary>
    public IEnumerable<ContainerRootMount> List()
    {
        RefuseOutsideNamespace();
        foreach (var record in parts.Containers.List())
            if (parts.Storage.MountedPath(record.Id) is { } path)
                yield return new(record.Id, record.Name, path);
    }

    // Without a user namespace to mount in, an ordinary user can't; in one that ends with the command, it would be for nothing.
    private void RefuseOutsideNamespace()
    {
        if (parts.Host.EffectiveUserId != 0)
            throw EngineErrors.Unsupported("cannot run command \"podsharp mount\" in rootless mode, must execute `podman unshare` first", null,
                "mount inside a user namespace: podman unshare podsharp mount");
    }
}
