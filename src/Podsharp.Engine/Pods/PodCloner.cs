using System.Text.RegularExpressions;
using Podsharp.Engine.Containers;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Makes pods like others, with copies of their containers.</summary>
internal sealed partial class PodCloner(EngineParts parts)
{
    /// <summary>Makes a pod like another one, in whatever state that is.</summary>
    /// <exception cref="ContainerEngineException">What the creation of a pod or container raises: then nothing is left of it.</exception>
    public PodCreateResult Clone(string nameOrId, PodCloneRequest request, CancellationToken cancellationToken)
    {
        var (held, original) = parts.PodSettler.Acquire(nameOrId, cancellationToken);
        // Not held: the other one's containers are only read, and the new ones are made under the new pod's lock.
        held.Dispose();
        var members = parts.PodLister.Members(original.Id);
        var made = Make(original.Config, request, cancellationToken);
        try
        {
            var warnings = made.Warnings.ToList();
            foreach (var member in members.Where(member => !member.Config.IsInfra()))
                warnings.AddRange(parts.Cloner.Clone(member.Id, new ContainerCloneRequest { Pod = made.Pod.Id }, cancellationToken).Warnings);
            StepPoints.Reach("pod.clone.containers");
            if (request.Destroy)
                parts.PodRemover.Remove(original.Id, new PodRemoveOptions { Force = true, Ignore = true }, cancellationToken);
            return new(parts.PodLister.Get(made.Pod.Id), warnings);
        }
        catch
        {
            parts.PodRemover.Remove(made.Pod.Id, new PodRemoveOptions { Force = true, Ignore = true }, CancellationToken.None);
            throw;
        }
    }

    private PodCreateResult Make(PodConfig original, PodCloneRequest request, CancellationToken cancellationToken)
    {
        var spec = Spec(original.Spec, request);
        if (request.Name is not null)
            return parts.PodCreator.Create(spec with { Name = request.Name }, cancellationToken);
        var stem = CloneSuffix().Replace(original.Name, "") + "-clone";
        for (var number = 0; ; number++)
        {
            var name = number == 0 ? stem : $"{stem}{number}";
            if (parts.Pods.FindByName(name) is not null)
                continue;
            try
            {
                return parts.PodCreator.Create(spec with { Name = name }, cancellationToken);
            }
            catch (ContainerEngineException error) when (error.Kind == ErrorKind.NameInUse && error.Target == name)
            {
                // Somebody makes it at this moment.
            }
        }
    }

    private PodSpec Spec(PodSpec spec, PodCloneRequest request) => spec with
    {
        Labels = request.Labels.Count > 0 ? request.Labels : spec.Labels,
        InfraName = request.InfraName ?? (spec.InfraName is { } name ? FreeName(name) : null),
        InfraCommand = request.InfraCommand ?? spec.InfraCommand,
        Container = Container(spec.Container, request.Container),
        CreateCommand = request.CreateCommand.Count > 0 ? request.CreateCommand : spec.CreateCommand,
    };

    private static ContainerSpec Container(ContainerSpec spec, ContainerSpec change) => spec with
    {
        HostName = change.HostName,
        Mounts = change.Mounts.Count > 0 ? [.. spec.Mounts.Where(mount => change.Mounts.All(other => other.Target != mount.Target)), .. change.Mounts] : spec.Mounts,
        VolumesFrom = change.VolumesFrom.Count > 0 ? change.VolumesFrom : spec.VolumesFrom,
        SecurityOptions = change.SecurityOptions.Count > 0 ? change.SecurityOptions : spec.SecurityOptions,
        Sysctls = change.Sysctls.Count > 0 ? change.Sysctls : spec.Sysctls,
        ShmSize = change.ShmSize ?? spec.ShmSize,
        SystemdShmSize = change.SystemdShmSize ?? spec.SystemdShmSize,
        PidNamespace = change.PidNamespace.Kind == NamespaceKind.Default ? spec.PidNamespace : change.PidNamespace,
        UtsNamespace = change.UtsNamespace.Kind == NamespaceKind.Default ? spec.UtsNamespace : change.UtsNamespace,
        CgroupParent = change.CgroupParent ?? spec.CgroupParent,
        RestartPolicy = change.RestartPolicy.Kind == RestartPolicyKind.No ? spec.RestartPolicy : change.RestartPolicy,
        ConmonPidFile = change.ConmonPidFile,
        Resources = LimitChange.IsAny(change.Resources) ? LimitChange.Apply(spec.Resources, change.Resources) : spec.Resources,
    };

    private string FreeName(string name)
    {
        var stem = CloneSuffix().Replace(name, "") + "-clone";
        for (var number = 0; ; number++)
        {
            var free = number == 0 ? stem : $"{stem}{number}";
            if (parts.Containers.FindByName(free) is null)
                return free;
        }
    }

    [GeneratedRegex("-clone[0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex CloneSuffix();
}
