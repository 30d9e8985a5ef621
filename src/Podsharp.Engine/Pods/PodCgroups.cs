using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>The control groups of pods: those of their containers are made in them, and limits hold for all together.</summary>
internal sealed class PodCgroups(EngineParts parts)
{
    /// <summary>Refuses limits that this host can't set, and tells of those without effect.</summary>
    /// <param name="pod">The pod to be.</param>
    /// <exception cref="ContainerEngineException">Unsupported or InvalidArgument.</exception>
    public IReadOnlyList<string> Check(PodConfig pod)
    {
        if (!LimitChange.IsAny(pod.Spec.Container.Resources))
            return [];
        if (pod.CgroupSlice.Length > 0 && parts.Host.Cgroups.Mode != CgroupMode.V2)
            throw EngineErrors.Unsupported("limits of a pod under the cgroup manager systemd need cgroup version 2", "limits", "use --cgroup-manager cgroupfs, or limit the containers");
        var warnings = new List<string>(Plan(pod).Warnings);
        if (pod.CgroupPath.Length == 0)
            warnings.Add("the limits of the pod have no effect: this user can't make control groups");
        else if (!pod.Spec.ShareParent)
            warnings.Add("the limits of the pod have no effect: the control groups of its containers are not made in its own");
        return warnings;
    }

    /// <summary>Makes a pod's group with its limits, before its first container is set up in it. Without limits it comes with that container's.</summary>
    public void Prepare(PodConfig pod)
    {
        if (pod.CgroupPath.Length == 0 || !LimitChange.IsAny(pod.Spec.Container.Resources))
            return;
        var resources = Plan(pod).Spec.Linux?.Resources ?? new OciResources();
        if (pod.CgroupSlice.Length > 0)
            Slices.Start(pod.CgroupSlice, DirectoryOf(pod), [new("Description", "s", $"Pod {pod.Name}"), .. SystemdLimits.From(resources)]);
        else
            Make(pod, resources);
    }

    private void Make(PodConfig pod, OciResources resources)
    {
        var facts = parts.Host.Cgroups;
        CgroupTree.Create(facts, pod.CgroupPath);
        foreach (var (controller, file, value) in facts.Mode == CgroupMode.V2 ? CgroupLimits.Version2(resources) : CgroupLimits.Version1(resources))
        {
            if (facts.Find(controller) is not { } hierarchy)
                continue;
            var path = $"{hierarchy.DirectoryOf(pod.CgroupPath)}/{file}";
            try
            {
                File.WriteAllText(path, value);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ContainerEngineException(ErrorKind.Unsupported, "CgroupLimit", $"the limit {file} of pod {pod.Name} can't be set to {value}: {e.Message}", pod.Id,
                    "make the pod without it", e);
            }
        }
    }

    /// <summary>Takes the group of a pod that was stopped away, unless something runs in it. A slice stays for the next start.</summary>
    public void Release(PodConfig pod)
    {
        if (pod is { CgroupPath.Length: > 0, CgroupSlice.Length: 0 })
            CgroupTree.Remove(parts.Host.Cgroups, pod.CgroupPath);
    }

    /// <summary>Takes the group of a pod that goes away, unless something runs in it.</summary>
    public void Remove(PodConfig pod)
    {
        Release(pod);
        // systemd keeps a slice that is empty. Version 1 doesn't tell that it is.
        if (pod.CgroupSlice.Length > 0 && parts.Host.Cgroups.Mode == CgroupMode.V2 && Directory.Exists(DirectoryOf(pod)))
            Slices.Stop(pod.CgroupSlice, DirectoryOf(pod));
    }

    private SystemdSlices Slices => field ??= new(parts.Components.FindHelper);

    private string DirectoryOf(PodConfig pod) => parts.Host.Cgroups.Unified!.DirectoryOf(pod.CgroupPath);

    // As for a container with these limits: the same rules, the same complaints.
    private GeneratedSpec Plan(PodConfig pod) => parts.Specs.Plan(new ContainerConfig
    {
        Id = pod.Id,
        Name = pod.Name,
        Spec = new() { RootFs = "/", EntryPoint = PodInfra.Command, Resources = pod.Spec.Container.Resources },
        CgroupPath = pod.CgroupPath,
    });
}
