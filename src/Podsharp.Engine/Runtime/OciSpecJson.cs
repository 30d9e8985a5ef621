using System.Text.Encodings.Web;
using System.Text.Json;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Runtime;

/// <summary>Writes config.json: a line for each property, in the order of their declaration.</summary>
internal static class OciSpecJson
{
    /// <summary>The document, indented where a person is to read it.</summary>
    internal static byte[] Serialize(OciSpec spec, bool indented = false) =>
        // Runtimes read UTF-8: no need to escape what HTML would.
        JsonFields.Document(spec, Spec, JavaScriptEncoder.UnsafeRelaxedJsonEscaping, indented);

    /// <summary>Limits alone, for a change of them.</summary>
    internal static byte[] Serialize(OciResources resources) => JsonFields.Document(resources, Resources, JavaScriptEncoder.UnsafeRelaxedJsonEscaping, indented: false);

    private static void Spec(Utf8JsonWriter json, OciSpec spec)
    {
        json.Field("ociVersion", spec.OciVersion);
        json.Field("process", spec.Process, Process);
        json.Field("root", spec.Root, Root);
        json.Field("hostname", spec.Hostname);
        json.Field("mounts", spec.Mounts, Mount);
        json.Field("hooks", spec.Hooks, Hooks);
        json.Field("annotations", spec.Annotations);
        json.Field("linux", spec.Linux, Linux);
    }

    private static void Hooks(Utf8JsonWriter json, OciHooks hooks)
    {
        json.Field("prestart", hooks.Prestart, Hook);
        json.Field("createRuntime", hooks.CreateRuntime, Hook);
        json.Field("createContainer", hooks.CreateContainer, Hook);
        json.Field("startContainer", hooks.StartContainer, Hook);
        json.Field("poststart", hooks.Poststart, Hook);
        json.Field("poststop", hooks.Poststop, Hook);
    }

    private static void Hook(Utf8JsonWriter json, OciHook hook)
    {
        json.Field("path", hook.Path);
        json.Field("args", hook.Args);
        json.Field("env", hook.Env);
        json.Field("timeout", hook.Timeout);
    }

    private static void Process(Utf8JsonWriter json, OciProcess process)
    {
        json.Field("terminal", process.Terminal);
        json.Field("user", process.User, User);
        json.Field("args", process.Args);
        json.Field("env", process.Env);
        json.Field("cwd", process.Cwd);
        json.Field("capabilities", process.Capabilities, Capabilities);
        json.Field("rlimits", process.Rlimits, Rlimit);
        if (process.NoNewPrivileges) json.Field("noNewPrivileges", true);
        json.Field("apparmorProfile", process.ApparmorProfile);
        json.Field("selinuxLabel", process.SelinuxLabel);
        json.Field("oomScoreAdj", process.OomScoreAdj);
    }

    private static void User(Utf8JsonWriter json, OciUser user)
    {
        json.Field("uid", user.Uid);
        json.Field("gid", user.Gid);
        json.Field("umask", user.Umask);
        json.Field("additionalGids", user.AdditionalGids);
    }

    private static void Capabilities(Utf8JsonWriter json, OciCapabilities sets)
    {
        json.Field("bounding", sets.Bounding);
        json.Field("effective", sets.Effective);
        json.Field("inheritable", sets.Inheritable);
        json.Field("permitted", sets.Permitted);
        json.Field("ambient", sets.Ambient);
    }

    private static void Rlimit(Utf8JsonWriter json, OciRlimit rlimit)
    {
        json.Field("type", rlimit.Type);
        json.Field("hard", rlimit.Hard);
        json.Field("soft", rlimit.Soft);
    }

    private static void Root(Utf8JsonWriter json, OciRoot root)
    {
        json.Field("path", root.Path);
        if (root.Readonly) json.Field("readonly", true);
    }

    private static void Mount(Utf8JsonWriter json, OciMount mount)
    {
        json.Field("destination", mount.Destination);
        json.Field("type", mount.Type);
        json.Field("source", mount.Source);
        json.Field("options", mount.Options);
        json.Field("uidMappings", mount.UidMappings, IdMapping);
        json.Field("gidMappings", mount.GidMappings, IdMapping);
    }

    private static void Linux(Utf8JsonWriter json, OciLinux linux)
    {
        json.Field("sysctl", linux.Sysctl);
        json.Field("resources", linux.Resources, Resources);
        json.Field("cgroupsPath", linux.CgroupsPath);
        json.Field("namespaces", linux.Namespaces, Namespace);
        json.Field("devices", linux.Devices, Device);
        json.Field("seccomp", linux.Seccomp, Seccomp);
        json.Field("rootfsPropagation", linux.RootfsPropagation);
        json.Field("maskedPaths", linux.MaskedPaths);
        json.Field("readonlyPaths", linux.ReadonlyPaths);
        json.Field("mountLabel", linux.MountLabel);
        json.Field("personality", linux.Personality, Personality);
        json.Field("intelRdt", linux.IntelRdt, (writer, rdt) => writer.Field("closID", rdt.ClosID));
        json.Field("uidMappings", linux.UidMappings, IdMapping);
        json.Field("gidMappings", linux.GidMappings, IdMapping);
    }

    private static void IdMapping(Utf8JsonWriter json, OciIdMapping range)
    {
        json.Field("containerID", range.ContainerID);
        json.Field("hostID", range.HostID);
        json.Field("size", range.Size);
    }

    private static void Personality(Utf8JsonWriter json, OciPersonality personality)
    {
        json.Field("domain", personality.Domain);
    }

    private static void Namespace(Utf8JsonWriter json, OciNamespace entry)
    {
        json.Field("type", entry.Type);
        json.Field("path", entry.Path);
    }

    private static void Device(Utf8JsonWriter json, OciDevice device)
    {
        json.Field("path", device.Path);
        json.Field("type", device.Type);
        json.Field("major", device.Major);
        json.Field("minor", device.Minor);
        json.Field("fileMode", device.FileMode);
        json.Field("uid", device.Uid);
        json.Field("gid", device.Gid);
    }

    private static void Resources(Utf8JsonWriter json, OciResources limits)
    {
        json.Field("devices", limits.Devices, DeviceRule);
        json.Field("memory", limits.Memory, Memory);
        json.Field("cpu", limits.Cpu, Cpu);
        json.Field("pids", limits.Pids, Pids);
        json.Field("blockIO", limits.BlockIO, BlockIO);
        json.Field("unified", limits.Unified);
    }

    private static void BlockIO(Utf8JsonWriter json, OciBlockIO limits)
    {
        json.Field("weight", limits.Weight);
        json.Field("weightDevice", limits.WeightDevice, WeightDevice);
        json.Field("throttleReadBpsDevice", limits.ThrottleReadBpsDevice, ThrottleDevice);
        json.Field("throttleWriteBpsDevice", limits.ThrottleWriteBpsDevice, ThrottleDevice);
        json.Field("throttleReadIOPSDevice", limits.ThrottleReadIOPSDevice, ThrottleDevice);
        json.Field("throttleWriteIOPSDevice", limits.ThrottleWriteIOPSDevice, ThrottleDevice);
    }

    private static void WeightDevice(Utf8JsonWriter json, OciWeightDevice device)
    {
        json.Field("major", device.Major);
        json.Field("minor", device.Minor);
        json.Field("weight", device.Weight);
    }

    private static void ThrottleDevice(Utf8JsonWriter json, OciThrottleDevice device)
    {
        json.Field("major", device.Major);
        json.Field("minor", device.Minor);
        json.Field("rate", device.Rate);
    }

    private static void DeviceRule(Utf8JsonWriter json, OciDeviceRule rule)
    {
        json.Field("allow", rule.Allow);
        json.Field("access", rule.Access);
        json.Field("type", rule.Type);
        json.Field("major", rule.Major);
        json.Field("minor", rule.Minor);
    }

    private static void Memory(Utf8JsonWriter json, OciMemory memory)
    {
        json.Field("limit", memory.Limit);
        json.Field("reservation", memory.Reservation);
        json.Field("swap", memory.Swap);
        json.Field("swappiness", memory.Swappiness);
        json.Field("disableOOMKiller", memory.DisableOOMKiller);
    }

    private static void Cpu(Utf8JsonWriter json, OciCpu cpu)
    {
        json.Field("shares", cpu.Shares);
        json.Field("quota", cpu.Quota);
        json.Field("period", cpu.Period);
        json.Field("realtimePeriod", cpu.RealtimePeriod);
        json.Field("realtimeRuntime", cpu.RealtimeRuntime);
        json.Field("cpus", cpu.Cpus);
        json.Field("mems", cpu.Mems);
    }

    private static void Pids(Utf8JsonWriter json, OciPids pids)
    {
        json.Field("limit", pids.Limit);
    }

    private static void Seccomp(Utf8JsonWriter json, OciSeccomp filter)
    {
        json.Field("defaultAction", filter.DefaultAction);
        json.Field("defaultErrnoRet", filter.DefaultErrnoRet);
        json.Field("architectures", filter.Architectures);
        json.Field("flags", filter.Flags);
        json.Field("listenerPath", filter.ListenerPath);
        json.Field("listenerMetadata", filter.ListenerMetadata);
        json.Field("syscalls", filter.Syscalls, Syscall);
    }

    private static void Syscall(Utf8JsonWriter json, OciSyscall rule)
    {
        json.Field("names", rule.Names);
        json.Field("action", rule.Action);
        json.Field("errnoRet", rule.ErrnoRet);
        json.Field("args", rule.Args, SyscallArgument);
    }

    private static void SyscallArgument(Utf8JsonWriter json, OciSyscallArgument argument)
    {
        json.Field("index", argument.Index);
        json.Field("value", argument.Value);
        json.Field("valueTwo", argument.ValueTwo);
        json.Field("op", argument.Op);
    }
}
