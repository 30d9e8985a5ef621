using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A pod as <c>podman pod inspect</c> shows it: the same members in the same order.</summary>
public static class PodInspectShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(PodDetail detail)
    {
        var (pod, spec, limits) = (detail.Pod, detail.Spec, detail.Spec.Container.Resources);
        return new WireStruct("*define.InspectPodData")
            .Add("ID", pod.Id, "Id")
            .Add("Name", pod.Name)
            .Add("Created", pod.Created)
            .Add("CreateCommand", WireList.From(spec.CreateCommand, nilIfEmpty: true), omitEmpty: true)
            .Add("ExitPolicy", spec.ExitPolicy.ToString().ToLowerInvariant())
            .Add("State", pod.State.ToString())
            .Add("Hostname", spec.Container.HostName ?? "")
            .Add("Labels", WireMap.From(pod.Labels, nilIfEmpty: true), omitEmpty: true)
            .Add("CreateCgroup", spec.ShareParent)
            .Add("CgroupParent", pod.CgroupParent, omitEmpty: true)
            .Add("CgroupPath", detail.CgroupPath, omitEmpty: true)
            .Add("CreateInfra", detail.Infra is not null)
            .Add("InfraContainerID", pod.InfraId, omitEmpty: true)
            .Add("InfraConfig", detail.Infra is { } infra ? Infra(detail, infra) : null, omitEmpty: true)
            .Add("SharedNamespaces", WireList.From(pod.SharedNamespaces, nilIfEmpty: true), omitEmpty: true)
            .Add("NumContainers", pod.Containers.Count)
            .Add("Containers", WireList.From(pod.Containers.OrderBy(container => container.Id, StringComparer.Ordinal).Select(Container), nilIfEmpty: true), omitEmpty: true)
            .Add("CPUPeriod", Period(limits), "cpu_period", omitEmpty: true)
            .Add("CPUQuota", Quota(limits), "cpu_quota", omitEmpty: true)
            .Add("CPUShares", limits.CpuShares ?? 0, "cpu_shares", omitEmpty: true)
            .Add("CPUSetCPUs", limits.CpuSetCpus ?? "", "cpuset_cpus", omitEmpty: true)
            .Add("CPUSetMems", limits.CpuSetMems ?? "", "cpuset_mems", omitEmpty: true)
            .Add("Mounts", WireList.From((detail.Infra?.MountPoints ?? []).Select(ContainerInspectShape.Mount), nilIfEmpty: true), "mounts", omitEmpty: true)
            .Add("BlkioDeviceReadBps", Rates(limits.DeviceReadRates), "device_read_bps", omitEmpty: true)
            .Add("BlkioDeviceWriteBps", Rates(limits.DeviceWriteRates), "device_write_bps", omitEmpty: true)
            .Add("VolumesFrom", WireList.From(spec.Container.VolumesFrom, nilIfEmpty: true), "volumes_from", omitEmpty: true)
            .Add("SecurityOpts", WireList.From(detail.Infra?.SecurityOptions ?? [], nilIfEmpty: true), "security_opt", omitEmpty: true)
            .Add("MemoryLimit", limits.Memory ?? 0, "memory_limit", omitEmpty: true)
            .Add("MemorySwap", limits.MemorySwap ?? (limits.Memory ?? 0) * 2, "memory_swap", omitEmpty: true)
            .Add("BlkioWeight", limits.BlockWeight ?? 0, "blkio_weight", omitEmpty: true)
            .Add("RestartPolicy", spec.Container.RestartPolicy.Kind == RestartPolicyKind.No ? "" : spec.Container.RestartPolicy.Name, omitEmpty: true)
            .Add("LockNumber", 0);
    }

    private static WireStruct Infra(PodDetail detail, ContainerDetail infra)
    {
        var spec = infra.Spec;
        var attachment = spec.Networks.Count == 1 ? spec.Networks[0] : null;
        var limits = detail.Spec.Container.Resources;
        return new WireStruct("*define.InspectPodInfraConfig")
            .Add("PortBindings", InspectNetworkShape.PortBindings(infra.Container.Ports, []))
            .Add("HostNetwork", spec.Network.Kind == NamespaceKind.Host)
            .Add("StaticIP", attachment?.StaticIps.FirstOrDefault() ?? "")
            .Add("StaticMAC", attachment?.StaticMac ?? "")
            .Add("NoManageResolvConf", spec.DnsServers is ["none"])
            .Add("DNSServer", WireList.From(spec.DnsServers, nilIfEmpty: true))
            .Add("DNSSearch", WireList.From(spec.DnsSearch, nilIfEmpty: true))
            .Add("DNSOption", WireList.From(spec.DnsOptions, nilIfEmpty: true))
            .Add("NoManageHostname", spec.NoHostName)
            .Add("NoManageHosts", spec.NoHosts)
            .Add("HostAdd", WireList.From(spec.AddHosts, nilIfEmpty: true))
            .Add("HostsFile", spec.HostsFile ?? "")
            .Add("Networks", WireList.From(detail.Pod.Networks, nilIfEmpty: true))
            .Add("NetworkOptions", null)
            .Add("CPUPeriod", Period(limits), "cpu_period", omitEmpty: true)
            .Add("CPUQuota", Quota(limits), "cpu_quota", omitEmpty: true)
            .Add("CPUSetCPUs", limits.CpuSetCpus ?? "", "cpuset_cpus", omitEmpty: true)
            .Add("PidNS", Mode(spec.PidNamespace), "pid_ns")
            .Add("UserNS", "host", "userns")
            .Add("UtsNS", Mode(spec.UtsNamespace), "uts_ns");
    }

    private static string Mode(NamespaceMode mode) => mode.Kind == NamespaceKind.Default ? "private" : mode.ToString();

    private static ulong Period(ResourceLimits limits) => limits.CpuPeriod ?? (limits.Cpus is null ? 0u : 100_000u);

    private static long Quota(ResourceLimits limits) => limits.CpuQuota ?? (limits.Cpus is { } cpus ? (long)(cpus * 100_000) : 0);

    private static WireList Rates(IReadOnlyList<DeviceLimit>? limits) => WireList.From((limits ?? []).Select(limit => new WireStruct("define.InspectBlkioThrottleDevice")
        .Add("Path", limit.Path).Add("Rate", limit.Value)), nilIfEmpty: true);

    private static WireStruct Container(PodContainer container) => new WireStruct("define.InspectPodContainerInfo")
        .Add("ID", container.Id, "Id")
        .Add("Name", container.Name)
        .Add("State", ContainerText.State(container.State));
}
