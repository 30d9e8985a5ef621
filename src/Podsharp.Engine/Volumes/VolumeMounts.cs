using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>Volumes whose content is mounted while somebody uses them: a device, memory, another directory, an image's files.</summary>
/// <remarks>Who holds a volume mounted is written down before the mount is made, and crossed out after it was taken down. What is mounted the kernel
/// tells. So a kill leaves a holder without a mount at worst: a container's next take-down, or the next mount, puts that right.</remarks>
internal sealed class VolumeMounts(StateDatabase database, VolumeStore volumes, Func<ContainerStorage> storage, Action<VolumeTable.Row> makeLayer, ConfigurationEnvironment environment, string bootId)
{
    /// <summary>The holder that stands for those who mount a volume by its name.</summary>
    internal const string People = "";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    /// <summary>Mounts a volume for a holder, if it is of that kind.</summary>
    /// <returns>Where its content is.</returns>
    /// <exception cref="ContainerEngineException">NotFound; VolumeMountFailed.</exception>
    internal string Acquire(string name, string holder, CancellationToken cancellationToken)
    {
        if (volumes.Find(name) is { IsMounted: false })
            return volumes.Ensure(name, cancellationToken);
        using var held = volumes.Lock(name, cancellationToken);
        var row = volumes.Find(name) ?? throw EngineErrors.VolumeNotFound(name);
        database.Write(Durability.Boot, (connection, transaction) => VolumeMountTable.Add(connection, transaction, name, holder, bootId), cancellationToken);
        StepPoints.Reach("volume.mount.noted");
        try
        {
            var path = Mount(row, cancellationToken);
            StepPoints.Reach("volume.mount.mounted");
            return path;
        }
        catch
        {
            database.Write(Durability.Boot, (connection, transaction) => VolumeMountTable.Remove(connection, transaction, name, holder));
            throw;
        }
    }

    /// <summary>Takes a holder's mount of a volume back; the last one's unmounts it.</summary>
    internal void Release(string name, string holder, CancellationToken cancellationToken)
    {
        if (volumes.Find(name) is not { IsMounted: true } row)
            return;
        using var held = volumes.Lock(name, cancellationToken);
        var (all, own) = database.Read(connection => VolumeMountTable.Count(connection, name, holder, bootId));
        if (all <= 1 && (own > 0 || all == 0))
            Unmount(row);
        StepPoints.Reach("volume.unmount.unmounted");
        database.Write(Durability.Boot, (connection, transaction) => VolumeMountTable.Remove(connection, transaction, name, holder), CancellationToken.None);
    }

    /// <summary>Takes back what a container holds. Can be repeated after a kill.</summary>
    internal void ReleaseContainer(string containerId)
    {
        if (!database.Exists)
            return;
        foreach (var name in database.Read(connection => VolumeMountTable.HeldBy(connection, containerId)))
        {
            Release(name, containerId, CancellationToken.None);
            // One that is gone, or of another boot.
            database.Write(Durability.Boot, (connection, transaction) => VolumeMountTable.Remove(connection, transaction, name, containerId));
        }
    }

    /// <summary>Unmounts a volume, whoever holds it, and removes what its driver made: the first step of its removal, under its lock.</summary>
    internal void Detach(VolumeTable.Row row)
    {
        if (!row.IsMounted)
            return;
        Unmount(row);
        if (row.Layer.Length > 0)
            storage().RemoveContainer(row.Layer);
    }

    /// <summary>Where a volume's content is now.</summary>
    /// <exception cref="ContainerEngineException">InvalidState: it would have to be mounted.</exception>
    internal string Find(string name, CancellationToken cancellationToken)
    {
        if (volumes.Find(name) is not { IsMounted: true } row)
            return volumes.Ensure(name, cancellationToken);
        return MountedPath(row) ?? throw EngineErrors.InvalidState(name, $"the content of volume {name} is only there while it is mounted",
            $"start the container, or mount it: podsharp volume mount {name}");
    }

    /// <summary>Forgets mounts of an earlier boot, and goes on with removals that were cut short.</summary>
    internal void Reload(CancellationToken cancellationToken)
    {
        if (!database.Exists)
            return;
        database.Write(Durability.Boot, (connection, transaction) => VolumeMountTable.ForgetOthers(connection, transaction, bootId), cancellationToken);
        volumes.SweepRemoved();
    }

    /// <summary>Where an image's files are mounted; empty while they aren't.</summary>
    internal string ImagePath(VolumeTable.Row row) => MountedPath(row) ?? "";

    private string Mount(VolumeTable.Row row, CancellationToken cancellationToken)
    {
        if (MountedPath(row) is { } present)
            return present;
        return row.Driver == "image" ? MountImage(row) : MountDevice(row, cancellationToken);
    }

    private string? MountedPath(VolumeTable.Row row)
    {
        if (row.Driver == "image")
            return storage().MountedPath(row.Layer);
        var path = volumes.DataPath(row.Name);
        return Mounts.IsMountPoint(path) ? path : null;
    }

    // A kill between row and record leaves a volume without its layer: it is made now.
    private string MountImage(VolumeTable.Row row)
    {
        var store = storage();
        if (store.FindContainer(row.Layer) is null)
            makeLayer(row);
        return store.Mount(row.Layer);
    }

    // mount(8) knows the helpers of network file systems and what is in /etc/fstab's language; the kernel doesn't.
    private string MountDevice(VolumeTable.Row row, CancellationToken cancellationToken)
    {
        var path = volumes.MakeDirectory(row.Name);
        var type = row.Options.GetValueOrDefault("type", "");
        var options = VolumeOptions.ForMount(row.Options);
        var device = row.Options.GetValueOrDefault("device", "") is { Length: > 0 } given ? given : type;
        var arguments = new List<string> { "mount" };
        if (options.Length > 0)
            arguments.AddRange(["-o", options]);
        if (type == "bind")
            arguments.AddRange(["-o", "bind"]);
        else if (type.Length > 0)
            arguments.AddRange(["-t", type]);
        arguments.AddRange(["--", device, path]);
        var program = environment.FindProgram("mount") ?? throw EngineErrors.MissingComponent("mount", "to mount volumes", "mount");
        try
        {
            var outcome = Programs.Run(new SpawnRequest
            {
                Path = program,
                Arguments = arguments,
                Environment = [.. environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
            }, s_patience, cancellationToken);
            if (outcome.ExitCode is 0 || (outcome.ExitCode is null && Mounts.IsMountPoint(path)))
                return path;
            throw Failed(row.Name, string.Join(' ', (outcome.Error + " " + outcome.Output).Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries)));
        }
        catch (TimeoutException)
        {
            throw Failed(row.Name, $"mount gave no answer in {s_patience.TotalSeconds} seconds");
        }
        catch (LinuxException error)
        {
            throw Failed(row.Name, LinuxError.Describe(error.Errno));
        }
    }

    private void Unmount(VolumeTable.Row row)
    {
        if (row.Driver == "image")
        {
            storage().Unmount(row.Layer, force: true);
            return;
        }
        // All of them: what is below a mount that stays would be removed with the volume.
        for (var path = volumes.DataPath(row.Name); Mounts.IsMountPoint(path);)
            LinuxError.Check(Mounts.TryUnmount(path, lazily: true), "unmount the volume at", path);
    }

    private static ContainerEngineException Failed(string name, string why) => new(ErrorKind.Runtime, "VolumeMountFailed",
        $"mounting volume {name} failed: {why}", name, "correct its options: remove it and make it anew");
}
