using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Defines pods: everything that can be checked is checked before anything is made.</summary>
internal sealed class PodCreator(EngineParts parts)
{
    private const int InventedNameTries = 20;

    /// <summary>Creates a pod, with its infra container.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NameInUse, or what the creation of a container raises.</exception>
    public PodCreateResult Create(PodSpec spec, CancellationToken cancellationToken)
    {
        spec = Check(spec);
        if (spec.Replace && spec.Name is { } name && parts.Pods.FindByName(name) is { } namesake)
            parts.PodRemover.Remove(namesake, new PodRemoveOptions { Force = true, Ignore = true }, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Make(Configure(spec, attempt), cancellationToken);
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NameInUse && spec.Name is null && attempt < InventedNameTries)
            {
                // Another name may be free.
            }
        }
    }

    /// <summary>Creates a pod of what a container asks for that only a pod can have, and returns what is left for the container.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="spec">The container's spec.</param>
    /// <param name="cancellationToken">Ends a wait for a lock.</param>
    public (PodCreateResult Pod, ContainerSpec Container) CreateFor(string name, ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (name.Length == 0)
            throw EngineErrors.InvalidArgument("new pod name must be at least one character", null, "write it as new:NAME");
        var pod = Create(new PodSpec
        {
            Name = name,
            CreateCommand = spec.CreateCommand,
            Container = new ContainerSpec
            {
                HostName = spec.HostName,
                Network = spec.Network,
                Networks = spec.Networks,
                Ports = spec.Ports,
                PublishAll = spec.PublishAll,
                AddHosts = spec.AddHosts,
                NoHosts = spec.NoHosts,
                HostsFile = spec.HostsFile,
                DnsServers = spec.DnsServers,
                DnsSearch = spec.DnsSearch,
                DnsOptions = spec.DnsOptions,
                PidNamespace = spec.PidNamespace,
                RestartPolicy = spec.AutoRemove ? RestartPolicy.No : spec.RestartPolicy,
                Resources = new() { Cpus = spec.Resources.Cpus, CpuSetCpus = spec.Resources.CpuSetCpus },
            },
        }, cancellationToken);
        return (pod, spec with
        {
            Pod = pod.Pod.Id,
            HostName = null,
            Network = NamespaceMode.Default,
            Networks = [],
            Ports = [],
            PublishAll = false,
            AddHosts = [],
            NoHosts = false,
            HostsFile = null,
            DnsServers = [],
            DnsSearch = [],
            DnsOptions = [],
        });
    }

    private static PodSpec Check(PodSpec spec)
    {
        if (spec.Name is { } name)
            ContainerNames.Validate(name);
        if (spec is { Replace: true, Name: null })
            throw EngineErrors.InvalidArgument("cannot replace pod without --name being set", null, "name the pod to replace");
        var share = spec.Share.Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (share.Contains("none"))
            share = share.Length == 1 ? [] : throw EngineErrors.InvalidArgument("no namespace can be shared beside none", "none", "leave it out");
        foreach (var word in share)
            CheckShare(word, spec);
        if (!spec.Infra && share.Length > 0)
            throw EngineErrors.InvalidArgument($"cannot set share({string.Join(',', share)}) namespaces without an infra container", null, "leave the infra container in, or share none");
        if (!spec.Infra && (spec.Container.Ports.Count > 0 || spec.Container.PublishAll))
            throw EngineErrors.InvalidArgument("you must have an infra container to publish port bindings to the host", null, "leave the infra container in");
        if (!spec.Infra && spec.InfraName is not null)
            throw EngineErrors.InvalidArgument("cannot set infra-name without an infra container", spec.InfraName, "leave the infra container in");
        if (!spec.Infra && UserNamespacePlanner.IsGiven(spec.Container))
            throw EngineErrors.InvalidArgument("a pod has no user namespace without an infra container", spec.Container.UserNamespace, "leave the infra container in");
        // Files and networks of the others would belong to nobody in their own.
        if (UserNamespacePlanner.IsGiven(spec.Container) && spec.Container.UserNamespace != "host" && !share.Contains("user"))
            share = [.. share.Append("user").Order(StringComparer.Ordinal)];
        return spec with { Share = share };
    }

    private static void CheckShare(string word, PodSpec spec)
    {
        switch (word)
        {
            case "cgroup" when spec.ShareParent:
                throw EngineErrors.InvalidArgument("cannot define the pod as the cgroup parent at the same time as joining the infra container's cgroupNS: invalid argument",
                    word, "share the control group's namespace or the parent");
            case "mnt":
                throw EngineErrors.InvalidArgument("mount sharing functionality not supported on pod level", word, "share mounts as volumes");
            case var _ when !PodMembership.Shareable.Contains(word):
                throw EngineErrors.InvalidArgument($"invalid kernel namespace to share: {word}. Options are: cgroup, ipc, net, pid, user, uts or none", word, "use some of these");
        }
    }

    private PodConfig Configure(PodSpec spec, int attempt)
    {
        var id = ContainerNames.NewId();
        var name = spec.Name ?? (attempt == 1 ? ContainerNames.Invent() : $"{ContainerNames.Invent()}{attempt}");
        var config = new PodConfig { Id = id, Name = name, Spec = spec with { Replace = false }, InfraId = spec.Infra ? ContainerNames.NewId() : "" };
        if (parts.CgroupManager == SystemdCgroups.Name)
        {
            var parent = SystemdCgroups.Slice(spec.Container.CgroupParent);
            var slice = SystemdCgroups.Pod(parent, id);
            return config with { CgroupParent = parent, CgroupSlice = slice, CgroupPath = SystemdCgroups.Path(slice) };
        }
        var (basis, path) = CgroupPaths.Pod(parts.Host, id, spec.Container.CgroupParent);
        return config with { CgroupParent = basis, CgroupPath = path };
    }

    /// <summary>Intent, infra container, outcome: a kill anywhere between leaves something that the next look undoes.</summary>
    private PodCreateResult Make(PodConfig config, CancellationToken cancellationToken)
    {
        var warnings = parts.PodCgroups.Check(config);
        var record = new PodRecord { Config = config, Created = DateTimeOffset.UtcNow, Intent = Intent.Create };
        using var held = parts.Pods.Lock(config.Id, cancellationToken);
        try
        {
            parts.Pods.Insert(record, cancellationToken);
            if (config.InfraId.Length > 0)
                warnings = [.. warnings, .. parts.Creator.CreateInfra(InfraSpec(config), config, cancellationToken)];
            StepPoints.Reach("pod.create.infra");
            record = parts.Pods.Commit(record with { Intent = null }, "create", "create");
            return new(parts.PodLister.Describe(record), warnings);
        }
        catch
        {
            parts.PodRemover.UndoCreation(record);
            throw;
        }
    }

    private ContainerSpec InfraSpec(PodConfig config)
    {
        var spec = config.Spec;
        return spec.Container with
        {
            Name = spec.InfraName ?? $"{config.Id[..12]}-infra",
            Image = spec.InfraImage ?? "",
            RootFs = spec.InfraImage is null ? EmptyRoot() : null,
            RootFsOverlay = spec.InfraImage is null,
            EntryPoint = spec.InfraCommand ?? (spec.InfraImage is null ? PodInfra.Command : null),
            Labels = spec.Labels,
            HostName = spec.Container.HostName ?? (spec.Container.UtsNamespace.Kind is NamespaceKind.Default or NamespaceKind.Private ? config.Name : null),
            // The pod's group has them.
            Resources = new(),
            CgroupParent = PodMembership.Parent(config) ?? spec.Container.CgroupParent,
            Pod = config.Id,
            CreateCommand = spec.CreateCommand,
        };
    }

    // Below the infra containers' own layers, over which the host's catatonit is mounted.
    private string EmptyRoot()
    {
        var path = Path.Combine(parts.Paths.StateDirectory, "infra");
        PrivateDirectory.Ensure(parts.Paths.StateDirectory);
        Files.MakeDirectories(path, 0x1ED);
        return path;
    }
}
