using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Containers that require others: these are started first, and stay as long as those are there.</summary>
internal sealed class ContainerDependencies(EngineParts parts)
{
    /// <summary>The requirements of a new container, by id: those asked for, and the containers whose namespaces it shares.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="infraId">The infra container of its pod, which sees to itself; empty outside of pods.</param>
    /// <exception cref="ContainerEngineException">NotFound; InvalidArgument: a cycle, or a condition that can't come to hold.</exception>
    public IReadOnlyList<ContainerRequirement> Resolve(ContainerSpec spec, string infraId)
    {
        var replaced = spec is { Replace: true, Name: { } name } ? parts.Containers.FindByName(name) : null;
        var resolved = new List<ContainerRequirement>();
        foreach (var requirement in spec.Requires.Concat(Sharing(spec)))
        {
            var id = parts.Containers.Resolve(requirement.Container);
            if (id == infraId)
                continue;
            var record = parts.Containers.Get(id);
            if (replaced is not null && Reaches(id, replaced, []))
                throw EngineErrors.InvalidArgument($"container {spec.Name} would require itself, through {record.Name}", spec.Name, "leave that one out of --requires");
            if (requirement.Condition == RequirementCondition.Healthy && !record.Config.Health.IsChecked())
                throw EngineErrors.InvalidArgument($"container {record.Name} can't be required to be healthy: it has no health check", record.Name,
                    $"give it one: podsharp update --health-cmd ... {record.Name}");
            if (!resolved.Exists(other => other.Container == id && (other.Condition == requirement.Condition || requirement.Condition == RequirementCondition.Started)))
                resolved.Add(requirement with { Container = id });
        }
        return resolved;
    }

    private static IEnumerable<ContainerRequirement> Sharing(ContainerSpec spec)
    {
        NamespaceMode[] modes = [spec.Network, spec.PidNamespace, spec.IpcNamespace, spec.UtsNamespace, spec.CgroupNamespace];
        var names = modes.Where(mode => mode.Kind == NamespaceKind.Container).Select(mode => mode.Target!);
        if (spec.UserNamespace is { } users && users.StartsWith("container:", StringComparison.Ordinal))
            names = names.Append(users["container:".Length..]);
        return names.Select(name => new ContainerRequirement(name));
    }

    /// <summary>Starts what a container requires, one after the other, and waits until all conditions hold. No lock is held meanwhile.</summary>
    /// <exception cref="ContainerEngineException">One can't be started, or its condition can't come to hold any more.</exception>
    public void StartRequired(ContainerRecord record, CancellationToken cancellationToken)
    {
        foreach (var requirement in record.Config.Spec.Requires)
            Fulfil(record, requirement, () => Start(requirement, cancellationToken));
        foreach (var requirement in record.Config.Spec.Requires)
            Fulfil(record, requirement, () => Await(requirement, cancellationToken));
    }

    private void Start(ContainerRequirement requirement, CancellationToken cancellationToken)
    {
        var record = parts.Containers.Find(requirement.Container) ?? throw EngineErrors.ContainerNotFound(requirement.Container);
        if (parts.Settler.NeedsSettling(record))
            record = parts.Settler.TrySettle(record) ?? throw EngineErrors.ContainerNotFound(requirement.Container);
        // What has been completed once is done.
        if (requirement.Condition != RequirementCondition.Completed || record is not { State: ContainerState.Exited, ExitCode: 0 })
            parts.Starter.Start(requirement.Container, cancellationToken);
    }

    private void Await(ContainerRequirement requirement, CancellationToken cancellationToken)
    {
        switch (requirement.Condition)
        {
            case RequirementCondition.Healthy:
                parts.Stopper.Wait(requirement.Container, [WaitCondition.Healthy], cancellationToken);
                return;
            case RequirementCondition.Completed:
                var exit = parts.Stopper.Wait(requirement.Container, [WaitCondition.Exited], cancellationToken);
                if (exit.ExitCode != 0)
                    throw EngineErrors.InvalidState(exit.Id, $"container {exit.Name} has ended with exit code {exit.ExitCode}, and not completed",
                        $"see what it wrote: podsharp logs {exit.Name}");
                return;
        }
    }

    private static void Fulfil(ContainerRecord record, ContainerRequirement requirement, Action action)
    {
        try
        {
            action();
        }
        catch (ContainerEngineException e) when (e.Kind != ErrorKind.Timeout)
        {
            throw new ContainerEngineException(e.Kind, "RequirementFailed", $"container {record.Name} is not started, since it requires {requirement}: {e.Message}", record.Id, e.Remedy, e);
        }
    }

    private bool Reaches(string from, string target, HashSet<string> seen) => from == target
        || (seen.Add(from) && parts.Containers.Find(from) is { } record && record.Config.Spec.Requires.Any(requirement => Reaches(requirement.Container, target, seen)));
}
