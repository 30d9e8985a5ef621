using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Starts, stops, freezes and signals all containers of a pod. The failure of one doesn't keep the others from it.</summary>
internal sealed class PodRunner(EngineParts parts)
{
    // Much of the time goes by in waiting for others: for a process to end, for a runtime.
    private const int AtOnce = 32;

    /// <summary>Starts a pod: its init containers one after the other to their ends, then the others in the order of their dependencies.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidState: an init container failed.</exception>
    public PodReport Start(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        IReadOnlyList<PodContainerError> errors;
        using (held)
            errors = StartAll(pod, "starting", cancellationToken);
        StopIfOnlyInfraRemains(pod);
        return Report(pod, errors);
    }

    /// <summary>Stops a pod's containers, those first that no other one needs.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public PodReport Stop(string nameOrId, int? timeout, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            parts.Pods.Log(pod, "stop");
            return Report(pod, StopAll(pod, new StopOptions { Timeout = timeout }, "stopping", cancellationToken));
        }
    }

    /// <summary>Stops and starts all of a pod's containers.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public PodReport Restart(string nameOrId, int? timeout, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        IReadOnlyList<PodContainerError> errors;
        using (held)
        {
            parts.Pods.Log(pod, "stop");
            errors = StopAll(pod, new StopOptions { Timeout = timeout }, "restarting", cancellationToken);
            if (errors.Count == 0)
                errors = StartAll(pod, "restarting", cancellationToken);
        }
        StopIfOnlyInfraRemains(pod);
        return Report(pod, errors);
    }

    /// <summary>Freezes what runs.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public PodReport Pause(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            parts.Pods.Log(pod, "pause");
            return Report(pod, Each([.. Current(pod).Where(member => member.State == ContainerState.Running)], "pausing",
                member => parts.Freezer.Pause(member.Id, cancellationToken)));
        }
    }

    /// <summary>Lets what is frozen go on.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    public PodReport Resume(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            parts.Pods.Log(pod, "unpause");
            return Report(pod, Each([.. Current(pod).Where(member => member.State == ContainerState.Paused)], "unpausing",
                member => parts.Freezer.Resume(member.Id, cancellationToken)));
        }
    }

    /// <summary>Sends a signal to what runs.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument: no signal.</exception>
    public PodReport Kill(string nameOrId, string signal, CancellationToken cancellationToken)
    {
        if (!Native.Signals.TryParse(signal, out _))
            throw EngineErrors.InvalidArgument($"\"{signal}\" is not a signal", signal, "use a name such as TERM or SIGHUP, or a number from 1 to 64");
        var (held, pod) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        // Not under the lock: an end that comes of it is to find it free (see AfterEnd).
        held.Dispose();
        parts.Pods.Log(pod, "kill");
        return Report(pod, Each([.. Current(pod).Where(member => member.State is ContainerState.Running or ContainerState.Paused or ContainerState.Stopping)], "killing",
            member => parts.Stopper.Kill(member.Id, signal, cancellationToken)));
    }

    /// <summary>Stops all containers of a pod whose lock is held. The event is the caller's.</summary>
    public IReadOnlyList<PodContainerError> StopAll(PodRecord pod, StopOptions options, string verb, CancellationToken cancellationToken)
    {
        var errors = new List<PodContainerError>();
        foreach (var layer in PodOrder.Layers(Current(pod)).Reverse())
        {
            var running = layer.Where(member => member.HasRun || member.NextStart is not null).ToArray();
            errors.AddRange(Each(running, verb, member => parts.Stopper.Stop(member.Id, options, cancellationToken)));
            StepPoints.Reach("pod.stop.layer");
        }
        if (errors.Count == 0)
            parts.PodCgroups.Release(pod.Config);
        return errors;
    }

    /// <summary>Called where a container of a pod has ended and is not to be started again, with its lock held: under the exit policy <c>stop</c>, the
    /// last one takes the infra container with it. It is asked to end, not waited for: its own exit command takes it down.</summary>
    public void AfterEnd(ContainerRecord record)
    {
        if (record.Config.PodId.Length == 0 || record.Config.IsInfra() || record.Config.Spec.InitContainer is not null || record.NextStart is not null)
            return;
        if (parts.Pods.Find(record.Config.PodId) is { Intent: null } pod)
            StopIfOnlyInfraRemains(pod);
    }

    // Whoever holds the pod's lock starts it, and looks here afterwards, or stops it. Waiting for the lock would be against the order of locks.
    private void StopIfOnlyInfraRemains(PodRecord pod)
    {
        if (pod.Config.Spec.ExitPolicy != PodExitPolicy.Stop || pod.Config.InfraId.Length == 0)
            return;
        using var held = parts.Pods.TryLock(pod.Id);
        if (held is null)
            return;
        var members = parts.PodLister.Members(pod.Id);
        if (members.All(member => member.Config.IsInfra() || HasEnded(member)) && members.Any(member => member.Config.IsInfra() && member.HasRun))
        {
            parts.Pods.Log(pod, "stop");
            parts.Stopper.Ask(pod.Config.InfraId);
        }
    }

    // Its process, not its take-down: two that end at once would wait for each other.
    private static bool HasEnded(ContainerRecord member) => member.NextStart is null
        && (member.State is ContainerState.Exited or ContainerState.Stopped or ContainerState.Removing or ContainerState.Stopping or ContainerState.Unknown
            || (member.State == ContainerState.Running && member.Config.Spec.RestartPolicy.Kind == RestartPolicyKind.No && !Native.ProcessTable.IsAlive(member.Pid, member.PidStart)));

    private List<PodContainerError> StartAll(PodRecord pod, string verb, CancellationToken cancellationToken)
    {
        var members = Current(pod);
        if (members.Count == 0)
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "PodEmpty",
                $"no containers in pod {pod.Id} have no dependencies, cannot start pod: no such container", pod.Id, "put a container in it");
        }
        foreach (var member in members.Where(member => member.Config.Spec.InitContainer is not null))
            RunInitContainer(member, cancellationToken);
        var failed = new List<ContainerRecord>();
        var errors = new List<PodContainerError>();
        foreach (var layer in PodOrder.Layers([.. members.Where(member => member.Config.Spec.InitContainer is null)]))
        {
            var doomed = layer.Where(member => failed.Exists(other => PodOrder.Needs(member, other))).ToArray();
            errors.AddRange(doomed.Select(member => new PodContainerError(member.Id,
                $"{verb} container {member.Id}: a dependency of container {member.Id} failed to start: container state improper")));
            errors.AddRange(Each([.. layer.Except(doomed).Where(member => member.State is not (ContainerState.Running or ContainerState.Paused))], verb,
                member => parts.Starter.Start(member.Id, cancellationToken)));
            failed.AddRange(layer.Where(member => errors.Exists(error => error.ContainerId == member.Id)));
            StepPoints.Reach("pod.start.layer");
        }
        if (errors.Count == 0)
            parts.Pods.Log(pod, "start");
        return errors;
    }

    private void RunInitContainer(ContainerRecord member, CancellationToken cancellationToken)
    {
        parts.Starter.Start(member.Id, cancellationToken);
        var exit = parts.Stopper.Wait(member.Id, [WaitCondition.Exited], cancellationToken);
        StepPoints.Reach("pod.start.init");
        if (exit.ExitCode != 0)
            throw EngineErrors.InvalidState(member.Id, $"init container {member.Id} exited with code {exit.ExitCode}", $"its log tells why: podsharp logs {member.Name}");
        if (member.Config.Spec.InitContainer == "once")
            parts.Remover.Remove(member.Id, new RemoveOptions { Force = true, Ignore = true, Volumes = true }, cancellationToken);
    }

    private List<ContainerRecord> Current(PodRecord pod) => [.. parts.PodLister.Members(pod.Id)
        .Select(member => parts.Settler.NeedsSettling(member) ? parts.Settler.TrySettle(member) : member).OfType<ContainerRecord>()];

    private PodReport Report(PodRecord pod, IReadOnlyList<PodContainerError> errors) => new(parts.PodLister.Describe(pod), errors);

    /// <summary>Does something to several containers at once. What has ended, or gone, meanwhile is no error.</summary>
    private static List<PodContainerError> Each(IReadOnlyList<ContainerRecord> members, string verb, Action<ContainerRecord> action)
    {
        var errors = new List<PodContainerError>();
        foreach (var chunk in members.Chunk(AtOnce))
        {
            // The pool's threads come slowly where each of them waits.
            var tasks = chunk.Select(member => Task.Factory.StartNew(() => Try(member, verb, action), CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)).ToArray();
            foreach (var task in tasks)
            {
                if (task.GetAwaiter().GetResult() is { } error)
                    errors.Add(error);
            }
        }
        return errors;
    }

    private static PodContainerError? Try(ContainerRecord member, string verb, Action<ContainerRecord> action)
    {
        try
        {
            action(member);
            return null;
        }
        catch (ContainerEngineException e) when (verb is not ("starting" or "restarting") && e.Kind is ErrorKind.NotFound or ErrorKind.InvalidState)
        {
            return null;
        }
        catch (ContainerEngineException e)
        {
            return new(member.Id, $"{verb} container {member.Id}: {e.Message}");
        }
    }
}
