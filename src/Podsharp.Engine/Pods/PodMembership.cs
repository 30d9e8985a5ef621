using Podsharp.Engine.State;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>What becomes of a container's spec where it joins a pod: the rules, without a file.</summary>
internal static class PodMembership
{
    /// <summary>The namespaces that a pod can share.</summary>
    public static IReadOnlyList<string> Shareable { get; } = ["cgroup", "ipc", "net", "pid", "user", "uts"];

    /// <summary>The spec of a container that is to be in a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="infra">Its infra container; null without one.</param>
    /// <param name="spec">What was asked for.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: it asks for what only the pod can have.</exception>
    public static ContainerSpec Join(PodConfig pod, ContainerConfig? infra, ContainerSpec spec)
    {
        spec = spec with
        {
            Pod = pod.Id,
            CgroupParent = spec.CgroupParent ?? Parent(pod),
            RestartPolicy = spec.RestartPolicy.Kind == RestartPolicyKind.No && spec.InitContainer is null && !spec.AutoRemove
                ? pod.Spec.Container.RestartPolicy : spec.RestartPolicy,
        };
        return infra is null ? spec : WithUsers(infra, WithNamespaces(pod, infra, Inherit(infra, spec)));
    }

    /// <summary>The namespaces of a container that leaves its pod are its own again.</summary>
    public static ContainerSpec Leave(ContainerConfig config, ContainerSpec spec)
    {
        if (config.PodId.Length == 0)
            return spec;
        return spec with
        {
            Pod = null,
            InitContainer = null,
            CgroupParent = null,
            // That of the pod, which a container with its own UTS namespace would not get anew.
            HostName = Own(spec.UtsNamespace) == spec.UtsNamespace ? spec.HostName : null,
            Network = Own(spec.Network),
            PidNamespace = Own(spec.PidNamespace),
            IpcNamespace = Own(spec.IpcNamespace),
            UtsNamespace = Own(spec.UtsNamespace),
            CgroupNamespace = Own(spec.CgroupNamespace),
            UserNamespace = spec.UserNamespace == "container:" + config.InfraId ? null : spec.UserNamespace,
        };

        NamespaceMode Own(NamespaceMode mode) => mode.Kind == NamespaceKind.Container && mode.Target == config.InfraId ? NamespaceMode.Default : mode;
    }

    /// <summary>Where the control groups of a pod's containers are made; null for where any container's is.</summary>
    public static string? Parent(PodConfig pod) => !pod.Spec.ShareParent ? null
        : pod.CgroupSlice.Length > 0 ? pod.CgroupSlice : pod.CgroupPath.Length > 0 ? pod.CgroupPath : null;

    // As podman: the pod's mounts come first, where the container has none of its own at that place.
    private static ContainerSpec Inherit(ContainerConfig infra, ContainerSpec spec)
    {
        var taken = spec.Mounts.Select(mount => mount.Target).ToHashSet(StringComparer.Ordinal);
        return spec with
        {
            Mounts = [.. infra.Mounts.Where(mount => !taken.Contains(mount.Target)), .. spec.Mounts],
            Devices = [.. infra.Spec.Devices, .. spec.Devices],
            Gpus = [.. infra.Spec.Gpus, .. spec.Gpus],
            SecurityOptions = Security.SecurityOptions.Inherit(infra.Spec.SecurityOptions, spec.SecurityOptions),
            ShmSize = spec.ShmSize ?? infra.Spec.ShmSize,
            SystemdShmSize = spec.SystemdShmSize ?? infra.Spec.SystemdShmSize,
        };
    }

    private static ContainerSpec WithNamespaces(PodConfig pod, ContainerConfig infra, ContainerSpec spec)
    {
        var joined = new NamespaceMode(NamespaceKind.Container, infra.Id);
        if (spec.Network.Kind == NamespaceKind.Default && !spec.Networks.Any(network => network.Network.Length > 0))
        {
            if (Shares("net"))
                spec = CheckNetwork(spec) with { Network = infra.Network.Kind == NamespaceKind.Host ? infra.Network : joined };
        }
        if (spec.UtsNamespace.Kind == NamespaceKind.Default && Shares("uts"))
        {
            if (spec.HostName is not null)
                throw Refused("cannot set hostname when joining the pod UTS namespace: invalid configuration", "give the host name to the pod");
            spec = spec with { UtsNamespace = joined, HostName = infra.Spec.HostName, NoHostName = spec.NoHostName || infra.Spec.NoHostName };
        }
        return spec with
        {
            IpcNamespace = Choose(spec.IpcNamespace, "ipc"),
            PidNamespace = Choose(spec.PidNamespace, "pid"),
            CgroupNamespace = Choose(spec.CgroupNamespace, "cgroup"),
        };

        bool Shares(string word) => pod.Spec.Share.Contains(word);
        NamespaceMode Choose(NamespaceMode mode, string word) => mode.Kind == NamespaceKind.Default && Shares(word) ? joined : mode;
    }

    // The user namespace of a pod is that of its infra container, whatever else they share: the network is that one's. As under podman its user is
    // theirs, where they don't say.
    private static ContainerSpec WithUsers(ContainerConfig infra, ContainerSpec spec)
    {
        var mode = (spec.UserNamespace ?? "").Split(':')[0];
        if (mode is not ("" or "host" or "container") || (mode.Length == 0 && UserNamespacePlanner.IsGiven(spec)))
            throw EngineErrors.InvalidArgument("cannot set user namespace mode when joining pod with infra container: invalid argument", spec.UserNamespace, "give it to the pod");
        if (mode.Length > 0)
            return spec;
        return infra.UserNamespace.Kind == NamespaceKind.Host ? spec with { UserNamespace = "host" }
            : spec with { UserNamespace = "container:" + infra.Id, User = spec.User ?? infra.Spec.User };
    }

    private static ContainerSpec CheckNetwork(ContainerSpec spec)
    {
        const string Shared = "network cannot be configured when it is shared with a pod";
        if (spec.Networks.Count > 0)
            throw Refused("networks must be defined when the pod is created: " + Shared, "give networks, addresses and aliases to the pod");
        if (spec.Ports.Count > 0 || spec.PublishAll)
            throw Refused("published or exposed ports must be defined when the pod is created: " + Shared, "publish the ports of the pod");
        if (spec.AddHosts.Count > 0)
            throw Refused("extra host entries must be specified on the pod: " + Shared, "give the entries to the pod");
        return spec;
    }

    private static ContainerEngineException Refused(string message, string remedy) =>
        EngineErrors.InvalidArgument("invalid config provided: " + message, null, remedy);
}
