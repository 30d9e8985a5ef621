using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Removes containers, and images and volumes with the containers that use them; cleans up after an end.</summary>
internal sealed class ContainerRemover(EngineParts parts)
{
    /// <summary>Removes a container. Returns null where it was ignored as missing.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the wait for its end.</param>
    /// <param name="infra">Also a pod's infra container: the pod goes, too.</param>
    /// <exception cref="ContainerEngineException">NotFound; InvalidState: it runs, or its pod needs it.</exception>
    public ContainerRemoveResult? Remove(string nameOrId, RemoveOptions options, CancellationToken cancellationToken, bool infra = false)
    {
        string id;
        try
        {
            id = parts.Containers.Resolve(nameOrId);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound && options.Ignore)
        {
            return null;
        }
        if (!infra && PodOfInfra(id) is { } pod)
        {
            if (options.WithPod)
                return parts.PodRemover.Remove(pod, new PodRemoveOptions { Force = options.Force, Ignore = options.Ignore, Timeout = options.Timeout }, cancellationToken) is null ? null : new(id, []);
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "InfraContainer",
                $"container {id} is the infra container of pod {pod} and cannot be removed without removing the pod", id, "remove the pod");
        }
        var result = new ContainerRemoveResult(id, RemoveDependents(id, options, cancellationToken));
        if (options.Force)
            StopFirst(id, options.Timeout, cancellationToken);
        using var held = parts.Containers.Lock(id, cancellationToken);
        // Gone already is what was asked for: a container with --rm may go while we wait for its lock.
        if (parts.Containers.FindLocked(id) is not { } found || parts.Settler.Settle(found) is not { } record)
            return result;
        if (record.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping)
            throw EngineErrors.InvalidState(id, $"can't remove container {record.Name}: it is {record.State.ToString().ToLowerInvariant()}",
                "stop it first, or remove it by force");
        if (record.NextStart is not null && record.State != ContainerState.Initialized)
            throw EngineErrors.InvalidState(id, $"can't remove container {record.Name}: its restart policy is about to start it again",
                "stop it first, or remove it by force");
        if (record.State == ContainerState.Initialized)
            record = parts.Takedown.UndoInitialization(record, "");
        parts.Takedown.Remove(record, options.Volumes);
        return result;
    }

    /// <summary>The pod whose infra container a container is; null where it is none.</summary>
    private string? PodOfInfra(string id) =>
        parts.Containers.Find(id)?.Config is { PodId.Length: > 0 } config && config.IsInfra() && parts.Pods.Find(config.PodId) is not null ? config.PodId : null;

    /// <summary>Those that require it go first, or it isn't even stopped. The removal itself looks again, in its transaction.</summary>
    /// <returns>The ids of those that went, in their order.</returns>
    private List<string> RemoveDependents(string id, RemoveOptions options, CancellationToken cancellationToken)
    {
        if (parts.Containers.Dependents(id) is not { Count: > 0 } dependents)
            return [];
        if (!options.Depend)
            throw EngineErrors.ContainerRequired(id, parts.Containers.Get(id).Name, dependents);
        var removed = new List<string>();
        foreach (var dependent in dependents)
            if (Remove(dependent, options with { Ignore = true }, cancellationToken) is { } result)
                removed.AddRange([.. result.Dependents, result.Id]);
        return removed;
    }

    /// <summary>What conmon's exit command asks for: takes down what the end of a container, or of a command in it, has left.</summary>
    public async Task CleanupAsync(string nameOrId, ContainerCleanup options, CancellationToken cancellationToken)
    {
        if (options.ExecId is { } exec)
            parts.Exec.Cleanup(exec, options.Remove);
        else if (CleanUp(nameOrId, options, cancellationToken) is { Length: > 0 } image && options.RemoveImage)
            await RemoveImageAsync(image, force: false, keepParents: false, cancellationToken);
    }

    // The name of its image; null where there was nothing to do.
    private string? CleanUp(string nameOrId, ContainerCleanup options, CancellationToken cancellationToken)
    {
        // conmon notes the end before it runs this. Whoever waited for it has mostly been quicker and has taken the note away: then there
        // is nothing to do, and no database to open.
        var byId = options is { StoppedOnly: true, Remove: false, RemoveImage: false } && ContainerNames.IsId(nameOrId);
        if (byId && !parts.Takedown.IsEndNoted(nameOrId))
            return null;
        var id = byId ? nameOrId : parts.Containers.Resolve(nameOrId);
        using var held = parts.Containers.Lock(id, cancellationToken);
        if (parts.Containers.FindLocked(id) is not { } found || (byId && !parts.Takedown.IsEndNoted(id)) || parts.Settler.Settle(found) is not { } record)
            return null;
        if (record.HasRun && !options.StoppedOnly && record.State != ContainerState.Initialized)
            throw EngineErrors.InvalidState(id, $"container {record.Name} is running", "stop it first");
        if (options.Remove && !record.HasRun)
            parts.Takedown.Remove(record, volumes: true);
        return record.Config.ImageName;
    }

    /// <summary>Removes an image; by force also the containers that use it.</summary>
    public async Task<ImageRemoveResult> RemoveImageAsync(string nameOrId, bool force, bool keepParents, CancellationToken cancellationToken) => Noted(
        await parts.Images.RemoveAsync(nameOrId, force, keepParents, (container, token) => Task.Run(() => RemoveUser(container.Id, token), token), cancellationToken));

    /// <summary>Removes an image with all its names, unless something uses it.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InUse.</exception>
    public void RemoveUnusedImage(string id) => Noted(new ImageRemoveResult(id, parts.Storage.RemoveImage(id).RemovedNames, true));

    private ImageRemoveResult Noted(ImageRemoveResult result)
    {
        foreach (var name in result.Untagged)
            Log("untag", result.Id, name);
        if (result.Deleted)
            Log("remove", result.Id, result.Untagged.FirstOrDefault() ?? "");
        foreach (var parent in result.Parents)
            Log("remove", parent, "");
        return result;
    }

    private void Log(string status, string id, string name) => parts.Events.Append(new() { Type = "image", Status = status, Id = id, Name = name });

    /// <summary>Removes a container of an image: one of ours with all that belongs to it, another engine's as its storage.</summary>
    private void RemoveUser(string id, CancellationToken cancellationToken)
    {
        if (parts.Containers.Find(id) is null)
            parts.Storage.RemoveContainer(id);
        else
            Remove(id, new() { Force = true, Ignore = true, Timeout = 0 }, cancellationToken);
    }

    /// <summary>Removes a volume; by force also the containers that use it.</summary>
    public void RemoveVolume(string name, bool force, int? timeout, CancellationToken cancellationToken)
    {
        if (force)
        {
            foreach (var user in parts.Volumes.UsersOf(parts.Volumes.Get(name).Name))
                Remove(user, new() { Force = true, Ignore = true, Timeout = timeout }, cancellationToken);
        }
        parts.Volumes.Remove(name);
    }

    private void StopFirst(string id, int? timeout, CancellationToken cancellationToken)
    {
        try
        {
            parts.Stopper.Stop(id, new StopOptions { Timeout = timeout }, cancellationToken);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Its end removed it.
        }
    }
}
