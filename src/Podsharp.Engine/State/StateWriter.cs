using System.Text.Json;
using Podsharp.Engine.Host;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.State;

/// <summary>Writes the JSON columns: a line for each property, in the order of their declaration.</summary>
internal static class StateWriter
{
    internal static string Write(ContainerConfig config) => JsonFields.Text(config, Config);

    internal static string Write(ContainerRun run) => JsonFields.Text(run, Run);

    internal static string Write(ExecSpec spec) => JsonFields.Text(spec, Exec);

    internal static string Write(IReadOnlyDictionary<string, string> labels) => JsonFields.Text(labels, JsonFields.Members);

    private static void Config(Utf8JsonWriter json, ContainerConfig config)
    {
        json.Field("id", config.Id);
        json.Field("name", config.Name);
        json.Field("spec", config.Spec, Spec);
        json.Field("imageName", config.ImageName);
        json.Field("imageId", config.ImageId);
        json.Field("imageDigest", config.ImageDigest);
        json.Field("imageConfig", config.ImageConfig, Image);
        json.Field("labels", config.Labels);
        json.Field("command", config.Command);
        json.Field("ports", config.Ports, Port);
        json.Field("exposedPorts", config.ExposedPorts);
        json.Field("networks", config.Networks, Attachment);
        json.Field("mounts", config.Mounts, Mount);
        json.Field("runtimeName", config.RuntimeName);
        json.Field("runtimePath", config.RuntimePath);
        json.Field("logDriver", config.LogDriver);
        json.Field("logPath", config.LogPath);
        json.Field("logSizeMax", config.LogSizeMax);
        json.Field("logFiles", config.LogFiles);
        json.Field("logTag", config.LogTag);
        json.Field("notifySocket", config.NotifySocket);
        json.Field("health", config.Health, HealthStateJson.Write);
        json.Field("stopSignal", config.StopSignal);
        json.Field("stopTimeout", config.StopTimeout);
        json.Field("cgroupPath", config.CgroupPath);
        json.Field("cgroupSlice", config.CgroupSlice);
        json.Field("podId", config.PodId);
        json.Field("infraId", config.InfraId);
        json.Field("appArmorProfile", config.AppArmorProfile);
        json.Field("processLabel", config.ProcessLabel);
        json.Field("mountLabel", config.MountLabel);
        json.Field("network", config.Network, Namespace);
        json.Field("userNamespace", config.UserNamespace, Namespace);
        json.Field("userIdMap", config.UserIdMap, Range);
        json.Field("groupIdMap", config.GroupIdMap, Range);
        json.Field("ownNetworkNamespace", config.OwnNetworkNamespace);
    }

    private static void Range(Utf8JsonWriter json, IdMapping range)
    {
        json.Field("inside", range.Inside);
        json.Field("outside", range.Outside);
        json.Field("count", range.Count);
    }

    private static void Run(Utf8JsonWriter json, ContainerRun run)
    {
        json.Field("rootPath", run.RootPath);
        json.Field("netnsPath", run.NetnsPath);
        json.Field("networkRequest", run.NetworkRequest);
        json.Field("formerNetworkRequest", run.FormerNetworkRequest);
        json.Field("networkStatus", run.NetworkStatus, Status);
        json.Field("process", run.Process, Process);
        json.Field("mountPoints", run.MountPoints, MountPoint);
        json.Field("capabilities", run.Capabilities);
    }

    private static void Exec(Utf8JsonWriter json, ExecSpec spec)
    {
        json.Field("command", spec.Command);
        json.Field("terminal", spec.Terminal);
        json.Field("input", spec.Input);
        json.Field("user", spec.User);
        json.Field("workingDirectory", spec.WorkingDirectory);
        json.Field("environment", spec.Environment);
        json.Field("preserveDescriptors", spec.PreserveDescriptors);
        json.Field("privileged", spec.Privileged);
        json.Field("detached", spec.Detached);
    }

    internal static void Spec(Utf8JsonWriter json, ContainerSpec spec)
    {
        json.Field("image", spec.Image);
        json.Field("rootFs", spec.RootFs);
        json.Field("rootFsOverlay", spec.RootFsOverlay);
        json.Field("rootFsIdMap", spec.RootFsIdMap);
        json.Field("name", spec.Name);
        json.Field("replace", spec.Replace);
        json.Field("checkPorts", spec.CheckPorts);
        json.Field("idFile", spec.IdFile);
        json.Field("pidFile", spec.PidFile);
        json.Field("conmonPidFile", spec.ConmonPidFile);
        json.Field("pullPolicy", (int)spec.PullPolicy, StateJson.PullPolicies);
        json.Field("registry", spec.Registry, Registry);
        json.Field("platform", spec.Platform, Platform);
        json.Field("entryPoint", spec.EntryPoint);
        json.Field("command", spec.Command);
        json.Field("workingDirectory", spec.WorkingDirectory);
        json.Field("user", spec.User);
        json.Field("groups", spec.Groups);
        json.Field("passwd", spec.Passwd);
        json.Field("passwdEntry", spec.PasswdEntry);
        json.Field("groupEntry", spec.GroupEntry);
        json.Field("hostUsers", spec.HostUsers);
        json.Field("personality", spec.Personality);
        json.Field("terminal", spec.Terminal);
        json.Field("input", spec.Input);
        json.Field("preserveDescriptors", spec.PreserveDescriptors);
        json.Field("environment", spec.Environment);
        json.Field("environmentMerge", spec.EnvironmentMerge);
        json.Field("removeEnvironment", spec.RemoveEnvironment);
        json.Field("clearEnvironment", spec.ClearEnvironment);
        json.Field("timeZone", spec.TimeZone);
        json.Field("labels", spec.Labels);
        json.Field("annotations", spec.Annotations);
        json.Field("hostName", spec.HostName);
        json.Field("noHostName", spec.NoHostName);
        json.Field("network", spec.Network, Namespace);
        json.Field("networks", spec.Networks, Attachment);
        json.Field("ports", spec.Ports, Port);
        json.Field("publishAll", spec.PublishAll);
        json.Field("expose", spec.Expose);
        json.Field("addHosts", spec.AddHosts);
        json.Field("noHosts", spec.NoHosts);
        json.Field("hostsFile", spec.HostsFile);
        json.Field("dnsServers", spec.DnsServers);
        json.Field("dnsSearch", spec.DnsSearch);
        json.Field("dnsOptions", spec.DnsOptions);
        json.Field("mounts", spec.Mounts, Mount);
        json.Field("volumesFrom", spec.VolumesFrom);
        json.Field("chrootDirectories", spec.ChrootDirectories);
        json.Field("secrets", spec.Secrets, Secret);
        json.Field("readOnly", spec.ReadOnly);
        json.Field("readOnlyTmpfs", spec.ReadOnlyTmpfs);
        json.Field("shmSize", spec.ShmSize);
        json.Field("systemdShmSize", spec.SystemdShmSize);
        json.Field("imageVolumes", spec.ImageVolumes);
        json.Field("resources", spec.Resources, Resources);
        json.Field("ulimits", spec.Ulimits, Limit);
        json.Field("privileged", spec.Privileged);
        json.Field("devices", spec.Devices);
        json.Field("deviceRules", spec.DeviceRules);
        json.Field("gpus", spec.Gpus);
        json.Field("rdtClass", spec.RdtClass);
        json.Field("addCapabilities", spec.AddCapabilities);
        json.Field("dropCapabilities", spec.DropCapabilities);
        json.Field("securityOptions", spec.SecurityOptions);
        json.Field("seccompPolicy", spec.SeccompPolicy);
        json.Field("sysctls", spec.Sysctls);
        json.Field("userNamespace", spec.UserNamespace);
        json.Field("userMap", spec.UserMap);
        json.Field("groupMap", spec.GroupMap);
        json.Field("subUserName", spec.SubUserName);
        json.Field("subGroupName", spec.SubGroupName);
        json.Field("pidNamespace", spec.PidNamespace, Namespace);
        json.Field("ipcNamespace", spec.IpcNamespace, Namespace);
        json.Field("utsNamespace", spec.UtsNamespace, Namespace);
        json.Field("cgroupNamespace", spec.CgroupNamespace, Namespace);
        json.Field("cgroupParent", spec.CgroupParent);
        json.Field("cgroups", spec.Cgroups);
        json.Field("pod", spec.Pod);
        json.Field("initContainer", spec.InitContainer);
        json.Field("init", spec.Init);
        json.Field("initPath", spec.InitPath);
        json.Field("systemd", spec.Systemd);
        json.Field("autoRemove", spec.AutoRemove);
        json.Field("removeImage", spec.RemoveImage);
        json.Field("restartPolicy", spec.RestartPolicy, Restart);
        json.Field("stopSignal", spec.StopSignal);
        json.Field("stopTimeout", spec.StopTimeout);
        json.Field("timeout", spec.Timeout);
        json.Field("requires", spec.Requires, Requirement);
        json.Field("health", spec.Health, HealthStateJson.Write);
        json.Field("sdNotify", spec.SdNotify);
        json.Field("logDriver", spec.LogDriver);
        json.Field("logOptions", spec.LogOptions);
        json.Field("runtime", spec.Runtime);
        json.Field("umask", spec.Umask);
        json.Field("httpProxy", spec.HttpProxy);
        json.Field("createCommand", spec.CreateCommand);
    }

    private static void Requirement(Utf8JsonWriter json, ContainerRequirement requirement)
    {
        json.Field("container", requirement.Container);
        json.Field("condition", (int)requirement.Condition, StateJson.RequirementConditions);
    }

    private static void Registry(Utf8JsonWriter json, RegistryOptions options)
    {
        json.Field("authFile", options.AuthFile);
        json.Field("userName", options.UserName);
        json.Field("password", options.Password);
        json.Field("certificateDirectory", options.CertificateDirectory);
        json.Field("tlsVerify", options.TlsVerify);
        json.Field("signaturePolicy", options.SignaturePolicy);
        json.Field("retry", options.Retry);
        json.Field("retryDelay", options.RetryDelay);
    }

    private static void Image(Utf8JsonWriter json, ImageConfig image)
    {
        json.Field("user", image.User);
        json.Field("environment", image.Environment);
        json.Field("entryPoint", image.EntryPoint);
        json.Field("command", image.Command);
        json.Field("workingDirectory", image.WorkingDirectory);
        json.Field("volumes", image.Volumes);
        json.Field("exposedPorts", image.ExposedPorts);
        json.Field("labels", image.Labels);
        json.Field("stopSignal", image.StopSignal);
        json.Field("healthCheck", image.HealthCheck, HealthStateJson.Write);
        json.Field("onBuild", image.OnBuild);
        json.Field("shell", image.Shell);
    }

    private static void Resources(Utf8JsonWriter json, ResourceLimits limits)
    {
        json.Field("memory", limits.Memory);
        json.Field("memoryReservation", limits.MemoryReservation);
        json.Field("memorySwap", limits.MemorySwap);
        json.Field("memorySwappiness", limits.MemorySwappiness);
        json.Field("cpus", limits.Cpus);
        json.Field("cpuPeriod", limits.CpuPeriod);
        json.Field("cpuQuota", limits.CpuQuota);
        json.Field("cpuShares", limits.CpuShares);
        json.Field("cpuRealtimePeriod", limits.CpuRealtimePeriod);
        json.Field("cpuRealtimeRuntime", limits.CpuRealtimeRuntime);
        json.Field("cpuSetCpus", limits.CpuSetCpus);
        json.Field("cpuSetMems", limits.CpuSetMems);
        json.Field("pidsLimit", limits.PidsLimit);
        json.Field("oomKillDisable", limits.OomKillDisable);
        json.Field("oomScoreAdj", limits.OomScoreAdj);
        json.Field("blockWeight", limits.BlockWeight);
        json.Field("blockDeviceWeights", limits.BlockDeviceWeights, Device);
        json.Field("deviceReadRates", limits.DeviceReadRates, Device);
        json.Field("deviceWriteRates", limits.DeviceWriteRates, Device);
        json.Field("deviceReadOperations", limits.DeviceReadOperations, Device);
        json.Field("deviceWriteOperations", limits.DeviceWriteOperations, Device);
        json.Field("cgroupSettings", limits.CgroupSettings);
    }

    private static void Device(Utf8JsonWriter json, DeviceLimit limit)
    {
        json.Field("path", limit.Path);
        json.Field("value", limit.Value);
    }

    private static void Secret(Utf8JsonWriter json, SecretUse use)
    {
        json.Field("secret", use.Secret);
        json.Field("isVariable", use.IsVariable);
        json.Field("target", use.Target);
        json.Field("userId", (long)use.UserId);
        json.Field("groupId", (long)use.GroupId);
        json.Field("mode", use.Mode);
        json.Field("id", use.Id);
    }

    private static void Mount(Utf8JsonWriter json, ContainerMount mount)
    {
        json.Field("type", (int)mount.Type, StateJson.MountTypes);
        json.Field("source", mount.Source);
        json.Field("target", mount.Target);
        json.Field("options", mount.Options);
        json.Field("subPath", mount.SubPath);
        json.Field("readOnly", mount.ReadOnly);
    }

    private static void Port(Utf8JsonWriter json, PortMapping port)
    {
        json.Field("hostIp", port.HostIp);
        json.Field("hostPort", port.HostPort);
        json.Field("containerPort", port.ContainerPort);
        json.Field("range", port.Range);
        json.Field("protocol", port.Protocol);
    }

    private static void Attachment(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.Field("network", attachment.Network);
        json.Field("staticIps", attachment.StaticIps);
        json.Field("staticMac", attachment.StaticMac);
        json.Field("aliases", attachment.Aliases);
        json.Field("interfaceName", attachment.InterfaceName);
        json.Field("hostInterfaceName", attachment.HostInterfaceName);
    }

    private static void Process(Utf8JsonWriter json, ContainerProcessConfig process)
    {
        json.Field("arguments", process.Arguments);
        json.Field("entryPoint", process.EntryPoint);
        json.Field("command", process.Command);
        json.Field("environment", process.Environment);
        json.Field("workingDirectory", process.WorkingDirectory);
        json.Field("user", process.User);
        json.Field("stopSignal", process.StopSignal);
        json.Field("stopTimeout", process.StopTimeout);
        json.Field("systemd", process.Systemd);
        json.Field("hostName", process.HostName);
    }

    private static void MountPoint(Utf8JsonWriter json, ContainerMountPoint mount)
    {
        json.Field("type", (int)mount.Type, StateJson.MountTypes);
        json.Field("volumeName", mount.VolumeName);
        json.Field("source", mount.Source);
        json.Field("destination", mount.Destination);
        json.Field("driver", mount.Driver);
        json.Field("options", mount.Options);
        json.Field("writable", mount.Writable);
        json.Field("propagation", mount.Propagation);
    }

    private static void Status(Utf8JsonWriter json, NetworkStatus status)
    {
        json.Field("network", status.Network);
        json.Field("networkId", status.NetworkId);
        json.Field("interfaceName", status.InterfaceName);
        json.Field("macAddress", status.MacAddress);
        json.Field("addresses", status.Addresses);
        json.Field("gateways", status.Gateways);
        json.Field("dnsServers", status.DnsServers);
        json.Field("dnsSearch", status.DnsSearch);
        json.Field("aliases", status.Aliases);
    }

    private static void Limit(Utf8JsonWriter json, Ulimit limit)
    {
        json.Field("name", limit.Name);
        json.Field("soft", limit.Soft);
        json.Field("hard", limit.Hard);
    }

    private static void Namespace(Utf8JsonWriter json, NamespaceMode mode)
    {
        json.Field("kind", (int)mode.Kind, StateJson.NamespaceKinds);
        json.Field("target", mode.Target);
    }

    private static void Restart(Utf8JsonWriter json, RestartPolicy policy)
    {
        json.Field("kind", (int)policy.Kind, StateJson.RestartPolicies);
        json.Field("maximumRetries", policy.MaximumRetries);
        json.Field("outlivesReboot", policy.OutlivesReboot);
        json.Field("name", policy.Name);
    }

    private static void Platform(Utf8JsonWriter json, ImagePlatform platform)
    {
        json.Field("os", platform.Os);
        json.Field("architecture", platform.Architecture);
        json.Field("variant", platform.Variant);
    }
}
