using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>The HostConfig member of a container's inspect.</summary>
internal static class InspectHostShape
{
    internal static WireStruct Create(ContainerDetail detail)
    {
        var spec = detail.Spec;
        var shape = new WireStruct("*define.InspectContainerHostConfig")
            .Add("Binds", WireList.From(detail.MountPoints.Where(m => m.Type != MountType.Tmpfs).Select(Bind)))
            .Add("CgroupManager", detail.CgroupManager)
            .Add("CgroupMode", Mode(spec.CgroupNamespace, "private"))
            .Add("ContainerIDFile", spec.IdFile ?? "")
            .Add("LogConfig", new WireStruct("*define.InspectLogConfig")
                .Add("Type", detail.LogDriver)
                .Add("Config", null)
                .Add("Path", detail.LogPath)
                .Add("Tag", spec.LogOptions.GetValueOrDefault("tag", ""))
                .Add("Size", detail.LogSizeMaximum > 0 ? Human.Size(detail.LogSizeMaximum) : "-1B"))
            .Add("NetworkMode", ContainerText.NetworkMode(spec))
            .Add("PortBindings", InspectNetworkShape.PortBindings(detail.Spec.Network.Kind == NamespaceKind.Container ? [] : detail.Container.Ports, []))
            .Add("RestartPolicy", new WireStruct("*define.InspectRestartPolicy").Add("Name", spec.RestartPolicy.Name).Add("MaximumRetryCount", spec.RestartPolicy.MaximumRetries))
            .Add("AutoRemove", spec.AutoRemove)
            .Add("AutoRemoveImage", spec.RemoveImage)
            .Add("Annotations", WireMap.From(spec.Annotations, nilIfEmpty: true))
            .Add("VolumeDriver", "")
            .Add("VolumesFrom", WireList.From(spec.VolumesFrom, nilIfEmpty: true))
            .Add("CapAdd", WireList.From(spec.AddCapabilities.Select(CapabilityName)))
            .Add("CapDrop", WireList.From(spec.DropCapabilities.Select(CapabilityName)))
            .Add("Dns", WireList.From(spec.DnsServers))
            .Add("DnsOptions", WireList.From(spec.DnsOptions))
            .Add("DnsSearch", WireList.From(spec.DnsSearch))
            .Add("ExtraHosts", WireList.From(spec.AddHosts))
            .Add("HostsFile", spec.HostsFile ?? "")
            .Add("GroupAdd", WireList.From(spec.Groups.Where(group => group != "keep-groups")))
            .Add("IpcMode", Mode(spec.IpcNamespace, "shareable"))
            .Add("Cgroup", "")
            .Add("Cgroups", spec.Cgroups == "disabled" ? "disabled" : "default")
            .Add("Links", null)
            .Add("OomScoreAdj", spec.Resources.OomScoreAdj ?? 0)
            .Add("PidMode", Mode(spec.PidNamespace, "private"))
            .Add("Privileged", spec.Privileged)
            .Add("PublishAllPorts", spec.PublishAll)
            .Add("ReadonlyRootfs", spec.ReadOnly)
            .Add("SecurityOpt", WireList.From(detail.SecurityOptions))
            .Add("Tmpfs", Tmpfs(detail))
            .Add("UTSMode", Mode(spec.UtsNamespace, "private"))
            .Add("UsernsMode", detail.UserNamespace.Kind == NamespaceKind.Host ? "" : detail.UserNamespace.ToString())
            .Add("IDMappings", detail.UserMap.Count == 0 ? null : new WireStruct("*define.InspectIDMappings")
                .Add("UidMap", WireList.From(detail.UserMap)).Add("GidMap", WireList.From(detail.GroupMap)), omitEmpty: true)
            .Add("ShmSize", spec.ShmSize ?? 65536000)
            .Add("Runtime", "oci")
            .Add("ConsoleSize", new WireList().Add(0L).Add(0L))
            .Add("Isolation", "");
        return AddLimits(shape, detail);
    }

    private static WireStruct AddLimits(WireStruct shape, ContainerDetail detail)
    {
        var limits = detail.Spec.Resources;
        var period = limits.CpuPeriod ?? (limits.Cpus is null ? 0UL : 100_000UL);
        return shape
            .Add("CpuShares", limits.CpuShares ?? 0UL)
            .Add("Memory", limits.Memory ?? 0)
            .Add("NanoCpus", (long)((limits.Cpus ?? 0) * 1e9))
            .Add("CgroupParent", detail.Spec.CgroupParent ?? "")
            .Add("BlkioWeight", limits.BlockWeight ?? 0)
            .Add("BlkioWeightDevice", Devices(limits, limits.BlockDeviceWeights, "Weight"))
            .Add("BlkioDeviceReadBps", Devices(limits, limits.DeviceReadRates, "Rate"))
            .Add("BlkioDeviceWriteBps", Devices(limits, limits.DeviceWriteRates, "Rate"))
            .Add("BlkioDeviceReadIOps", Devices(limits, limits.DeviceReadOperations, "Rate"))
            .Add("BlkioDeviceWriteIOps", Devices(limits, limits.DeviceWriteOperations, "Rate"))
            .Add("CpuPeriod", period)
            .Add("CpuQuota", limits.CpuQuota ?? (long)((limits.Cpus ?? 0) * 100_000))
            .Add("CpuRealtimePeriod", limits.CpuRealtimePeriod ?? 0UL)
            .Add("CpuRealtimeRuntime", limits.CpuRealtimeRuntime ?? 0)
            .Add("CpusetCpus", limits.CpuSetCpus ?? "")
            .Add("CpusetMems", limits.CpuSetMems ?? "")
            .Add("Devices", WireList.From(detail.Devices.Select(device => new WireStruct("define.InspectDevice")
                .Add("PathOnHost", device.HostPath).Add("PathInContainer", device.ContainerPath).Add("CgroupPermissions", ""))))
            .Add("DiskQuota", 0)
            .Add("KernelMemory", 0)
            .Add("MemoryReservation", limits.MemoryReservation ?? 0)
            .Add("MemorySwap", limits.MemorySwap ?? (limits.Memory ?? 0) * 2)
            .Add("MemorySwappiness", limits.MemorySwappiness ?? -1)
            .Add("OomKillDisable", limits.OomKillDisable)
            .Add("PidsLimit", limits.PidsLimit ?? (detail.Spec.Cgroups == "disabled" ? 0 : 2048))
            .Add("Ulimits", WireList.From(detail.Spec.Ulimits.Select(limit => new WireStruct("define.InspectUlimit")
                .Add("Name", "RLIMIT_" + limit.Name.ToUpperInvariant()).Add("Soft", limit.Soft).Add("Hard", limit.Hard))))
            .Add("CpuCount", 0)
            .Add("CpuPercent", 0)
            .Add("IOMaximumIOps", 0)
            .Add("IOMaximumBandwidth", 0)
            .Add("CgroupConf", limits.CgroupSettings is { } settings ? WireMap.From(settings, nilIfEmpty: true) : null);
    }

    // As podman: lists are there where any of them has something in it.
    private static WireList? Devices(ResourceLimits limits, IReadOnlyList<DeviceLimit>? devices, string value)
    {
        var any = limits is not { BlockWeight: null, BlockDeviceWeights: null, DeviceReadRates: null, DeviceWriteRates: null, DeviceReadOperations: null, DeviceWriteOperations: null };
        return !any ? null : WireList.From((devices ?? []).Select(device => new WireStruct(value == "Weight" ? "define.InspectBlkioWeightDevice" : "define.InspectBlkioThrottleDevice")
            .Add("Path", device.Path).Add(value, device.Value)));
    }

    private static string Mode(NamespaceMode mode, string otherwise) => mode.Kind == NamespaceKind.Default ? otherwise : mode.ToString();

    private static string Bind(ContainerMountPoint mount) =>
        $"{(mount.VolumeName.Length > 0 ? mount.VolumeName : mount.Source)}:{mount.Destination}:{string.Join(',', mount.Options)}";

    private static WireMap Tmpfs(ContainerDetail detail)
    {
        var map = new WireMap();
        foreach (var mount in detail.MountPoints.Where(m => m.Type == MountType.Tmpfs))
            map.Set(mount.Destination, string.Join(',', mount.Options));
        return map;
    }

    private static string CapabilityName(string name)
    {
        var upper = name.ToUpperInvariant();
        return upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
    }
}
