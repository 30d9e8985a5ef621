using Podsharp.Model;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.Shapes;

/// <summary>A container as <c>podman inspect</c> shows it: the same members in the same order.</summary>
public static class ContainerInspectShape
{
    private static readonly DateTimeOffset Never = DateTimeOffset.MinValue;

    /// <summary>Makes the shape.</summary>
    /// <param name="detail">The container.</param>
    /// <param name="signalName">Names a signal (<c>SIGTERM</c>).</param>
    public static WireStruct Create(ContainerDetail detail, Func<int, string> signalName)
    {
        var (container, spec, process) = (detail.Container, detail.Spec, detail.Process);
        var shape = new WireStruct("*define.InspectContainerData")
            .Add("ID", container.Id, "Id")
            .Add("Created", container.Created)
            .Add("Path", process.Arguments.Count > 0 ? process.Arguments[0] : "")
            .Add("Args", WireList.From(process.Arguments.Skip(1)))
            .Add("State", State(detail))
            .Add("Image", container.ImageId)
            .Add("ImageDigest", detail.ImageDigest)
            .Add("ImageName", container.Image)
            .Add("Rootfs", spec.RootFs ?? "")
            .Add("Pod", container.Pod)
            .Add("ResolvConfPath", detail.ResolvConfPath)
            .Add("HostnamePath", detail.HostnamePath)
            .Add("HostsPath", detail.HostsPath)
            .Add("StaticDir", detail.StaticDirectory)
            .Add("OCIConfigPath", detail.OciConfigPath, omitEmpty: true)
            .Add("OCIRuntime", detail.Runtime)
            .Add("ConmonPidFile", detail.ConmonPidFile)
            .Add("PidFile", detail.PidFile)
            .Add("Name", container.Name)
            .Add("RestartCount", container.RestartCount)
            .Add("Driver", "overlay")
            .Add("MountLabel", detail.MountLabel)
            .Add("ProcessLabel", detail.ProcessLabel)
            .Add("AppArmorProfile", detail.AppArmorProfile)
            .Add("EffectiveCaps", WireList.From(detail.EffectiveCapabilities, nilIfEmpty: true))
            .Add("BoundingCaps", WireList.From(detail.BoundingCapabilities, nilIfEmpty: true))
            .Add("ExecIDs", WireList.From(detail.ExecIds))
            .Add("GraphDriver", GraphDriver(detail))
            .Add("SizeRw", container.SizeRw, omitEmpty: true)
            .Add("SizeRootFs", container.SizeRootFs, omitEmpty: true)
            .Add("Mounts", WireList.From(detail.MountPoints.Select(Mount)))
            .Add("Dependencies", WireList.From(Dependencies(spec)))
            .Add("NetworkSettings", InspectNetworkShape.Create(detail))
            .Add("Namespace", "")
            .Add("IsInfra", container.IsInfra)
            .Add("IsService", false)
            .Add("KubeExitCodePropagation", "invalid")
            .Add("Config", Config(detail, signalName))
            .Add("HostConfig", InspectHostShape.Create(detail))
            .Add("UseImageHosts", spec.NoHosts)
            .Add("UseImageHostname", spec.NoHostName);
        return shape;
    }

    private static WireStruct State(ContainerDetail detail)
    {
        var container = detail.Container;
        var health = detail.Health is null ? null : HealthShape.Create(detail.Health);
        return new WireStruct("*define.InspectContainerState")
            .Add("OciVersion", "1.2.1")
            .Add("Status", ContainerText.State(container.State))
            .Add("Running", container.State == ContainerState.Running)
            .Add("Paused", container.State == ContainerState.Paused)
            .Add("Restarting", container.NextStart is not null)
            .Add("OOMKilled", detail.OomKilled)
            .Add("Dead", container.State == ContainerState.Lost)
            .Add("Pid", container.Pid)
            .Add("ConmonPid", detail.ConmonPid, omitEmpty: true)
            .Add("ExitCode", container.ExitCode ?? 0)
            .Add("Error", detail.Error)
            .Add("StartedAt", container.Started ?? Never)
            .Add("FinishedAt", container.Finished ?? Never)
            .Add("Health", health, omitEmpty: true)
            .AddMethod("Healthcheck", () => health)
            .Add("CgroupPath", detail.CgroupPath, omitEmpty: true)
            .Add("StoppedByUser", detail.StoppedByUser, omitEmpty: true)
            .Add("Checkpointed", container.Checkpointed is not null, omitEmpty: true)
            .Add("CheckpointedAt", container.Checkpointed ?? Never)
            .Add("RestoredAt", detail.Restored ?? Never)
            .Add("CheckpointPath", detail.CheckpointPath, omitEmpty: true)
            .Add("CheckpointLog", detail.CheckpointLog, omitEmpty: true)
            .Add("RestoreLog", detail.RestoreLog, omitEmpty: true)
            .Add("Restored", detail.Restored is not null, omitEmpty: true);
    }

    private static WireStruct GraphDriver(ContainerDetail detail)
    {
        var data = new WireMap();
        if (detail.LowerDirectories.Count > 0)
            data.Set("LowerDir", string.Join(':', detail.LowerDirectories));
        if (detail.MergedDirectory.Length > 0)
            data.Set("MergedDir", detail.MergedDirectory);
        return new WireStruct("*define.DriverData")
            .Add("Name", "overlay")
            .Add("Data", data.Set("UpperDir", detail.UpperDirectory).Set("WorkDir", detail.WorkDirectory));
    }

    // podman lists those that are files; variables are nowhere but in the container.
    private static WireStruct Secret(SecretUse use) => new WireStruct("define.InspectSecret")
        .Add("Name", use.Secret)
        .Add("ID", use.Id)
        .Add("UID", (long)use.UserId)
        .Add("GID", (long)use.GroupId)
        .Add("Mode", (long)use.Mode);

    internal static WireStruct Mount(ContainerMountPoint mount) => new WireStruct("define.InspectMount")
        .Add("Type", mount.Type.ToString().ToLowerInvariant())
        .Add("Name", mount.VolumeName, omitEmpty: true)
        .Add("Source", mount.Source)
        .Add("Destination", mount.Destination)
        .Add("Driver", mount.Driver)
        .Add("Mode", "")
        .Add("Options", WireList.From(mount.Options))
        .Add("RW", mount.Writable)
        .Add("Propagation", mount.Propagation);

    // What is shared with a pod's infra container is so by its id; any other container whose namespace is shared is a requirement.
    private static IEnumerable<string> Dependencies(ContainerSpec spec) =>
        new[] { spec.Network, spec.PidNamespace, spec.IpcNamespace, spec.UtsNamespace, spec.CgroupNamespace }
            .Where(mode => mode.Kind == NamespaceKind.Container).Select(mode => mode.Target ?? "").Where(target => target.Length == 64)
            .Concat(spec.Requires.Select(requirement => requirement.Container)).Distinct(StringComparer.Ordinal);

    private static WireStruct Config(ContainerDetail detail, Func<int, string> signalName)
    {
        var (spec, process) = (detail.Spec, detail.Process);
        return new WireStruct("*define.InspectContainerConfig")
            .Add("Hostname", process.HostName)
            .Add("Domainname", "")
            .Add("User", process.User)
            .Add("AttachStdin", false)
            .Add("AttachStdout", false)
            .Add("AttachStderr", false)
            .Add("Tty", spec.Terminal)
            .Add("OpenStdin", spec.Input)
            .Add("StdinOnce", false)
            .Add("Env", WireList.From(process.Environment))
            .Add("Cmd", WireList.From(process.Command, nilIfEmpty: true))
            .Add("Image", detail.Container.Image)
            .Add("Volumes", PathSet(detail.ImageVolumes))
            .Add("WorkingDir", process.WorkingDirectory)
            .Add("Entrypoint", WireList.From(process.EntryPoint, nilIfEmpty: true))
            .Add("OnBuild", null)
            .Add("Labels", WireMap.From(detail.Container.Labels, nilIfEmpty: true))
            .Add("Annotations", WireMap.From(spec.Annotations, nilIfEmpty: true))
            .Add("StopSignal", signalName(process.StopSignal))
            .Add("Healthcheck", HealthShape.Create(detail.HealthConfig.Check), omitEmpty: true)
            .Add("HealthcheckOnFailureAction", detail.HealthConfig.OnFailure.ToString().ToLowerInvariant())
            .Add("HealthLogDestination", detail.HealthConfig.LogDestination)
            .Add("HealthMaxLogCount", detail.HealthConfig.MaximumLogCount, "HealthcheckMaxLogCount", omitEmpty: true)
            .Add("HealthMaxLogSize", detail.HealthConfig.MaximumLogSize, "HealthcheckMaxLogSize", omitEmpty: true)
            .Add("StartupHealthCheck", HealthShape.Create(detail.HealthConfig.Startup), omitEmpty: true)
            .Add("CreateCommand", WireList.From(spec.CreateCommand, nilIfEmpty: true), omitEmpty: true)
            .Add("Secrets", WireList.From(spec.Secrets.Where(use => !use.IsVariable).Select(Secret), nilIfEmpty: true), omitEmpty: true)
            .Add("Timezone", spec.TimeZone ?? "", omitEmpty: true)
            .Add("SystemdMode", process.Systemd, omitEmpty: true)
            .Add("Umask", spec.Umask ?? "0022")
            .Add("Timeout", spec.Timeout ?? 0)
            .Add("StopTimeout", process.StopTimeout)
            .Add("Passwd", spec.Passwd)
            .Add("ChrootDirs", WireList.From(spec.ChrootDirectories, nilIfEmpty: true), omitEmpty: true)
            .Add("sdNotifyMode", spec.SdNotify)
            .Add("sdNotifySocket", detail.NotifySocket, omitEmpty: true)
            .Add("ExposedPorts", PathSet(ExposedPorts(detail)), omitEmpty: true);
    }

    /// <summary>A published port is exposed, too.</summary>
    private static IReadOnlyList<string> ExposedPorts(ContainerDetail detail) =>
        [.. detail.ExposedPorts, .. detail.Container.Ports.SelectMany(p => Enumerable.Range(p.ContainerPort, p.Range).Select(n => $"{n}/{p.Protocol}"))];

    private static WireMap PathSet(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
            return WireMap.Nil;
        var map = new WireMap();
        foreach (var key in keys)
            map.Set(key, new WireMap());
        return map;
    }
}
