using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

// Containers that were elsewhere.
internal sealed partial class ContainerCreator
{
    /// <summary>Makes a container that was checkpointed elsewhere: it has ended, and can be restored.</summary>
    /// <param name="what">The container.</param>
    /// <param name="fill">Brings its files once its storage and its volumes are made; it is not seen by anybody until that has come to its end, and undone where it
    /// hasn't. The container's lock is held. What it mounts of the container or holds of its volumes need not be given back when it fails.</param>
    /// <param name="cancellationToken">Ends it, until it is made.</param>
    /// <exception cref="ContainerEngineException">What a creation raises: NameInUse, when its id or one of the volumes that it brings is taken, too.</exception>
    public ContainerCreateResult Import(ImportedContainer what, Action<ContainerRecord> fill, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(what.Spec.Pod))
            return Import(what, pod: null, fill, cancellationToken);
        var (held, pod) = parts.PodSettler.Acquire(what.Spec.Pod, cancellationToken);
        using (held)
        {
            var infra = pod.Config.InfraId.Length > 0 ? parts.Containers.Get(pod.Config.InfraId).Config : null;
            return Import(what with { Spec = Pods.PodMembership.Join(pod.Config, infra, what.Spec) }, pod.Config, fill, cancellationToken);
        }
    }

    private ContainerCreateResult Import(ImportedContainer what, PodConfig? pod, Action<ContainerRecord> fill, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var image = Check(what.Spec);
        if (what.Id is { } wanted)
            CheckFree(wanted);
        var owners = parts.UserNamespaces.Plan(what.Spec, image?.Image.TopLayerId);
        var config = Configure(what.Spec, image, owners, warnings, pod, what.Id ?? ContainerNames.NewId());
        if (what.ImageName is { Length: > 0 } name)
            config = config with { ImageName = name };
        return new(Make(config, owners, cancellationToken, new(what.BringsVolumes, fill)), warnings);
    }

    private void CheckFree(string id)
    {
        // One whose import was killed is in nobody's way.
        if (parts.Containers.Find(id) is { } found && (parts.Settler.NeedsSettling(found) ? parts.Settler.TrySettle(found) : found) is { } other)
            throw Taken(id, other.Name);
        if (parts.Storage.FindContainer(id) is { } stored)
            throw Taken(id, stored.Names.FirstOrDefault() ?? "a container");
    }

    private static ContainerEngineException Taken(string id, string name) => new(ErrorKind.NameInUse, "NameInUse",
        $"the container ID {id[..12]} is already in use by {name}", id, "remove that container first, or give this one a new name, and a new ID with it (--name, -Name)");

    // As after a checkpoint on this host, so that a restore finds what it finds there.
    private static ContainerRecord Fill(ContainerRecord record, Arrival arrival)
    {
        arrival.Fill(record);
        StepPoints.Reach("container.import.filled");
        var now = DateTimeOffset.UtcNow;
        return record with { State = ContainerState.Exited, Started = now, Finished = now, ExitCode = 0, Checkpointed = now };
    }

    /// <summary>How a container comes from elsewhere.</summary>
    /// <param name="BringsVolumes">Whether its volumes come with it.</param>
    /// <param name="Fill">Brings the files.</param>
    private sealed record Arrival(bool BringsVolumes, Action<ContainerRecord> Fill);
}
