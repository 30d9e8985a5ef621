using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>The engine and its host as <c>podman info</c> shows them.</summary>
public static class InfoShape
{
    /// <summary>Makes the shape.</summary>
    public static WireStruct Create(ContainerEngineInfo info, WireStruct version) => new WireStruct("*define.Info")
        .Add("Host", Host(info), "host")
        .Add("Plugins", new WireStruct("define.Plugins")
            .Add("Authorization", null, "authorization")
            .Add("Log", WireList.From(["k8s-file", "none"]), "log")
            .Add("Network", WireList.From(["bridge"]), "network")
            .Add("Volume", WireList.From(["local"]), "volume"), "plugins")
        .Add("Store", Store(info), "store")
        .Add("Version", version, "version")
        .Add("Warnings", WireList.From(info.Warnings), "warnings", omitEmpty: true)
        .Add("Capabilities", WireList.From(info.Capabilities), "capabilities", omitEmpty: true);

    private static WireStruct Host(ContainerEngineInfo info) => new WireStruct("*define.HostInfo")
        .Add("Arch", info.Architecture, "arch")
        .Add("CgroupManager", info.CgroupManager, "cgroupManager")
        .Add("CgroupsVersion", info.CgroupMode, "cgroupVersion")
        .Add("CgroupControllers", WireList.From(info.CgroupControllers), "cgroupControllers")
        .Add("Conmon", Component(info.Conmon), "conmon")
        .Add("CPUs", info.Cpus, "cpus")
        .Add("Distribution", info.Distribution, "distribution")
        .Add("EventLogger", info.EventsBackend, "eventLogger")
        .Add("Hostname", info.HostName, "hostname")
        .Add("Init", Component(info.Init), "init")
        .Add("Kernel", info.Kernel, "kernel")
        .Add("LogDriver", "k8s-file", "logDriver")
        .Add("MemFree", info.MemoryFree, "memFree")
        .Add("MemTotal", info.MemoryTotal, "memTotal")
        .Add("NetworkBackend", info.NetworkBackend, "networkBackend")
        .Add("NetworkBackendInfo", new WireStruct("types.NetworkInfo")
            .Add("Backend", info.NetworkBackend, "backend")
            .Add("Version", info.Netavark?.Version ?? "", "version")
            .Add("Path", info.Netavark?.Path ?? "", "path")
            .Add("DNS", Component(info.AardvarkDns), "dns"), "networkBackendInfo")
        .Add("OCIRuntime", Component(info.Runtime), "ociRuntime")
        .Add("OCIRuntimeReason", info.RuntimeReason, "ociRuntimeReason", omitEmpty: true)
        .Add("OS", "linux", "os")
        .Add("Security", new WireStruct("define.SecurityInfo")
            .Add("AppArmorEnabled", info.Security.Contains("apparmor"), "apparmorEnabled")
            .Add("Rootless", info.Rootless, "rootless")
            .Add("SECCOMPEnabled", info.Security.Contains("seccomp"), "seccompEnabled")
            .Add("SELinuxEnabled", info.Security.Contains("selinux"), "selinuxEnabled"), "security");

    private static WireStruct Store(ContainerEngineInfo info)
    {
        int Count(params ContainerState[] states) => states.Sum(s => info.Containers.GetValueOrDefault(s.ToString().ToLowerInvariant()));
        return new WireStruct("*define.StoreInfo")
            .Add("ContainerStore", new WireStruct("define.ContainerStore")
                .Add("Number", info.Containers.Values.Sum(), "number")
                .Add("Paused", Count(ContainerState.Paused), "paused")
                .Add("Running", Count(ContainerState.Running), "running")
                .Add("Stopped", Count(ContainerState.Exited, ContainerState.Stopped, ContainerState.Created, ContainerState.Initialized), "stopped"), "containerStore")
            .Add("GraphDriverName", info.StorageDriver, "graphDriverName")
            .Add("GraphRoot", info.GraphRoot, "graphRoot")
            .Add("ImageStore", new WireStruct("define.ImageStore").Add("Number", info.Images, "number"), "imageStore")
            .Add("RunRoot", info.RunRoot, "runRoot")
            .Add("StateDir", info.StateDirectory, "stateDir")
            .Add("VolumePath", info.VolumePath, "volumePath");
    }

    private static WireStruct? Component(ComponentInfo? component) => component is null ? null : new WireStruct("*define.ComponentInfo")
        .Add("Name", component.Name, "name")
        .Add("Path", component.Path, "path")
        .Add("Version", component.Version, "version");
}
