using System.Globalization;
using System.Text.Json;
using Podsharp.Engine.Json;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Podman;

/// <summary>Writes a container of ours as podman's configuration of one (libpod's ContainerConfig), for podman to make it anew from that and from the OCI
/// specification that ran. What podman decides by itself where it makes a container (directories, the lock, the log's path) is left out.</summary>
/// <remarks>The counterpart of <see cref="PodmanSpecMapper"/>. podman's JSON reader wants addresses where it has the type of one: others are left out.</remarks>
internal sealed partial class PodmanConfigWriter
{
    private const string NoTime = "0001-01-01T00:00:00Z";

    private readonly ContainerRecord record;
    private readonly ContainerConfig config;
    private readonly ContainerSpec spec;
    private readonly PodmanHost host;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> mountOptions;

    /// <param name="record">The container.</param>
    /// <param name="mountOptions">The options of its mounts, as the runtime had them, by their targets.</param>
    /// <param name="host">What podman has here.</param>
    internal PodmanConfigWriter(ContainerRecord record, IReadOnlyDictionary<string, IReadOnlyList<string>> mountOptions, PodmanHost host)
    {
        (this.record, this.mountOptions, this.host) = (record, mountOptions, host);
        config = record.Config;
        spec = config.Spec;
    }

    /// <summary>Writes the members of the object.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.Field("id", config.Id);
        json.Field("name", record.Name);
        Optional(json, "pod", config.PodId);
        json.Field("lockID", 0L);
        Optional(json, "CreateCommand", spec.CreateCommand);
        Optional(json, "RawImageName", spec.Image);
        IdMappings(json);
        json.Field("Dependencies", [.. spec.Requires.Select(requirement => requirement.Container).Where(id => id != config.InfraId)]);
        Root(json);
        Mounts(json);
        Security(json);
        Namespaces(json);
        Network(json);
        Process(json);
        Life(json);
        Health(json);
        Secrets(json);
    }

    private void Root(Utf8JsonWriter json)
    {
        Optional(json, "rootfsImageID", config.ImageId);
        Optional(json, "rootfsImageName", config.ImageName);
        Optional(json, "rootfs", spec.RootFs);
        Optional(json, "rootfs_overlay", spec.RootFsOverlay);
        json.Field("rootfs_mapping", spec.RootFsIdMap);
        json.Field("createWorkingDir", true);
        json.Field("secretsPath", "");
        json.WriteNull("storageOpts");
        Optional(json, "volatile", spec.AutoRemove);
        json.Field("passwd", spec.Passwd);
        Optional(json, "chroot_directories", spec.ChrootDirectories);
    }

    private void Process(Utf8JsonWriter json)
    {
        Optional(json, "userVolumes", [.. config.Mounts.Select(mount => mount.Target)]);
        var (entryPoint, command) = SpecRules.Command(spec, config.ImageConfig);
        Optional(json, "entrypoint", entryPoint);
        Optional(json, "command", command);
        Optional(json, "stdin", spec.Input);
        Optional(json, "labels", config.Labels);
        Optional(json, "timezone", spec.TimeZone);
        json.Field("umask", spec.Umask ?? "0022");
        if (spec.Systemd == "always")
            json.Field("systemd", true);
        Optional(json, "cdiDevices", [.. spec.Devices.Where(IsCdi)]);
        Optional(json, "gpus", spec.Gpus);
        json.Field("device_host_src", [.. spec.Devices.Where(device => !IsCdi(device))], (writer, device) =>
        {
            writer.Field("path", device);
            writer.Field("type", "");
            writer.Field("major", 0L);
            writer.Field("minor", 0L);
        });
        json.Field("mountAllDevices", spec.Privileged);
        json.Field("readWriteTmpfs", spec.ReadOnly && spec.ReadOnlyTmpfs);

        static bool IsCdi(string device) => !device.StartsWith('/') && device.Contains('=');
    }

    private void Life(Utf8JsonWriter json)
    {
        json.Field("stopSignal", (long)config.StopSignal);
        json.Field("stopTimeout", (long)config.StopTimeout);
        if (spec.Timeout is > 0 and var seconds)
            json.Field("timeout", (long)seconds);
        json.Field("createdTime", Time(record.Created));
        json.Field("cgroupsMode", spec.Cgroups);
        // The pod's is taken from the pod that it comes into.
        json.Field("cgroupParent", config.PodId.Length > 0 ? "" : spec.CgroupParent ?? "");
        json.Field("kubeExitCodePropagation", 0L);
        json.Field("logPath", "");
        json.Field("logTag", config.LogTag);
        json.Field("logSize", config.LogSizeMax);
        json.Field("logDriver", config.LogDriver is "json-file" or "" ? "k8s-file" : config.LogDriver);
        if (spec.RestartPolicy.Kind != RestartPolicyKind.No)
        {
            json.Field("restart_policy", spec.RestartPolicy.Name);
            json.Field("restart_retries", (long)spec.RestartPolicy.MaximumRetries);
        }
        Optional(json, "runtime", config.RuntimeName);
        json.Field("pause", false);
        json.Field("sdnotifyMode", spec.SdNotify);
        Optional(json, "init_container_type", spec.InitContainer);
        Optional(json, "passwd_entry", spec.PasswdEntry);
        Optional(json, "group_entry", spec.GroupEntry);
    }

    private void Health(Utf8JsonWriter json)
    {
        if (config.Health.Check is { } check)
            json.Field("healthcheck", check, Check);
        else
            json.WriteNull("healthcheck");
        json.Field("startupHealthCheck", config.Health.Startup, (writer, startup) =>
        {
            Check(writer, startup);
            writer.Field("Successes", (long)startup.Successes);
        });
        // define.HealthCheckOnFailureAction: none, an invalid one, kill, restart, stop.
        json.Field("healthcheck_on_failure_action", config.Health.OnFailure switch
        {
            HealthAction.Kill => 2L,
            HealthAction.Restart => 3L,
            HealthAction.Stop => 4L,
            _ => 0L,
        });
        json.Field("healthLogDestination", config.Health.LogDestination);
        json.Field("healthMaxLogCount", (long)config.Health.MaximumLogCount);
        json.Field("healthMaxLogSize", (long)config.Health.MaximumLogSize);
    }

    private static void Check(Utf8JsonWriter json, HealthCheck check)
    {
        json.Field("Test", check.Test);
        Span(json, "Interval", check.Interval);
        Span(json, "Timeout", check.Timeout);
        Span(json, "StartPeriod", check.StartPeriod);
        Span(json, "StartInterval", check.StartInterval);
        json.Field("Retries", (long)check.Retries);
    }

    private static void Span(Utf8JsonWriter json, string name, TimeSpan span) => json.Field(name, span.Ticks * TimeSpan.NanosecondsPerTick);

    // By their names, under which podman looks them up.
    private void Secrets(Utf8JsonWriter json)
    {
        json.Field("secrets", [.. spec.Secrets.Where(use => !use.IsVariable)], (writer, use) =>
        {
            Secret(writer, use);
            writer.Field("UID", (long)use.UserId);
            writer.Field("GID", (long)use.GroupId);
            writer.Field("Mode", (long)use.Mode);
            writer.Field("Target", use.Target);
        });
        json.WriteStartObject("secret_env");
        foreach (var use in spec.Secrets.Where(use => use.IsVariable).DistinctBy(use => use.Target.Length > 0 ? use.Target : use.Secret))
            json.Field(use.Target.Length > 0 ? use.Target : use.Secret, use, Secret);
        json.WriteEndObject();
    }

    private static void Secret(Utf8JsonWriter json, SecretUse use)
    {
        json.Field("name", use.Secret);
        json.Field("id", use.Id);
        json.Field("createdAt", NoTime);
        json.Field("updatedAt", NoTime);
        json.Field("driver", "");
        json.WriteNull("driverOptions");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is { Length: > 0 })
            json.WriteString(name, value);
    }

    private static void Optional(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
            json.WriteBoolean(name, value);
    }

    private static void Optional(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            json.Field(name, values);
    }

    private static void Optional(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count > 0)
            json.Field(name, values);
    }
}
