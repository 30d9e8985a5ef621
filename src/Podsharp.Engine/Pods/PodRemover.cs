using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Removes pods with their containers.</summary>
internal sealed class PodRemover(EngineParts parts)
{
    /// <summary>Removes a pod. Returns its id, or null where it was ignored as missing.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidState: a container runs, or one outside requires one of them.</exception>
    public string? Remove(string nameOrId, PodRemoveOptions options, CancellationToken cancellationToken)
    {
        Native.FileLock held;
        PodRecord pod;
        try
        {
            (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound && options.Ignore)
        {
            return null;
        }
        using (held)
        {
            RefuseRequired(pod);
            if (options.Force)
                StopFirst(pod, options.Timeout, cancellationToken);
            else
                RefuseRunning(pod);
            cancellationToken.ThrowIfCancellationRequested();
            Finish(parts.Pods.Commit(pod with { Intent = Intent.Remove }, "remove-begin"));
            return pod.Id;
        }
    }

    /// <summary>Carries out a removal: of the containers, the infra container last, of the control group and of the row.</summary>
    /// <param name="pod">In the intent of <see cref="Intent.Remove"/>, with its lock held.</param>
    public void Finish(PodRecord pod)
    {
        RemoveContainers(pod);
        StepPoints.Reach("pod.remove.containers");
        parts.PodCgroups.Remove(pod.Config);
        parts.Pods.Delete(pod, "remove");
    }

    /// <summary>Undoes a creation that did not come to its end: no event, since nobody has seen the pod.</summary>
    public void UndoCreation(PodRecord pod)
    {
        RemoveContainers(pod);
        parts.PodCgroups.Remove(pod.Config);
        parts.Pods.Delete(pod, status: null);
    }

    private void RemoveContainers(PodRecord pod)
    {
        foreach (var layer in PodOrder.Layers(parts.PodLister.Members(pod.Id)).Reverse())
        {
            // Side by side: most of it is waiting for the runtime and the disk.
            var removals = layer.Select(member => Task.Factory.StartNew(() =>
            {
                parts.Remover.Remove(member.Id, new RemoveOptions { Force = true, Ignore = true, Volumes = true, Timeout = 0 }, CancellationToken.None, infra: true);
                StepPoints.Reach("pod.remove.container");
            }, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)).ToArray();
            Task.WhenAll(removals).GetAwaiter().GetResult();
        }
    }

    private void StopFirst(PodRecord pod, int? timeout, CancellationToken cancellationToken)
    {
        var errors = parts.PodLister.Members(pod.Id).Any(member => member.HasRun || member.NextStart is not null)
            ? parts.PodRunner.StopAll(pod, new StopOptions { Timeout = timeout }, "stopping", cancellationToken) : [];
        if (errors.Count > 0)
            throw EngineErrors.InvalidState(pod.Id, $"not all containers could be removed from pod {pod.Id}: {errors[0].Message}", "try again");
    }

    // Before the removal is written down: it would have to be finished, and couldn't be.
    private void RefuseRequired(PodRecord pod)
    {
        var members = parts.Pods.Members(pod.Id);
        foreach (var member in members)
        {
            if (parts.Containers.Dependents(member).Except(members).ToList() is { Count: > 0 } others)
                throw EngineErrors.ContainerRequired(member, parts.Containers.Get(member).Name, others);
        }
    }

    private void RefuseRunning(PodRecord pod)
    {
        foreach (var member in parts.PodLister.Describe(pod).Containers)
        {
            if (member.Id != pod.Config.InfraId && member.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping)
            {
                throw EngineErrors.InvalidState(pod.Id,
                    $"not all containers could be removed from pod {pod.Id}: cannot remove container {member.Name} as it is {member.State.ToString().ToLowerInvariant()}",
                    "stop the pod first, or remove it by force");
            }
        }
    }
}
