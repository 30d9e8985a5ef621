using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Containers.Logs;
using Podsharp.Engine.Health;
using Podsharp.Engine.Host;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Networks;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.UserNamespaces;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Defines containers: everything that can be checked is checked before anything is made.</summary>
internal sealed partial class ContainerCreator(EngineParts parts)
{
    private const int InventedNameTries = 20;

    /// <summary>Creates a container from an image in local storage, in a pod if that is asked for.</summary>
    public ContainerCreateResult Create(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(spec.Pod))
        {
            return spec.InitContainer is null ? Create(spec, pod: null, cancellationToken)
                : throw EngineErrors.InvalidArgument("must specify pod value with init-ctr", spec.InitContainer, "name the pod");
        }
        if (spec.InitContainer is not (null or "once" or "always"))
            throw EngineErrors.InvalidArgument("init-ctr value must be 'always' or 'once'", spec.InitContainer, "use one of these");
        return spec.Pod.StartsWith("new:", StringComparison.Ordinal) ? CreateWithPod(spec, cancellationToken) : CreateInPod(spec, cancellationToken);
    }

    /// <summary>Creates the infra container of a pod that is being made, whose lock is held.</summary>
    public IReadOnlyList<string> CreateInfra(ContainerSpec spec, PodConfig pod, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var image = spec.RootFs is null ? parts.Images.Get(spec.Image, spec.Platform) : null;
        var owners = parts.UserNamespaces.Plan(spec, image?.Image.TopLayerId);
        Make(Configure(spec, image, owners, warnings, pod, pod.InfraId), owners, cancellationToken);
        return warnings;
    }

    private ContainerCreateResult CreateWithPod(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec.RootFs is null)
            parts.Images.Get(spec.Image, spec.Platform);
        var (pod, rest) = parts.PodCreator.CreateFor(spec.Pod!["new:".Length..], spec, cancellationToken);
        try
        {
            var result = CreateInPod(rest, cancellationToken);
            return result with { Warnings = [.. pod.Warnings, .. result.Warnings] };
        }
        catch
        {
            parts.PodRemover.Remove(pod.Pod.Id, new PodRemoveOptions { Force = true, Ignore = true }, CancellationToken.None);
            throw;
        }
    }

    private ContainerCreateResult CreateInPod(ContainerSpec spec, CancellationToken cancellationToken)
    {
        var (held, pod) = parts.PodSettler.Acquire(spec.Pod!, cancellationToken);
        using (held)
        {
            if (spec.InitContainer is not null && parts.PodLister.Describe(pod).State is PodState.Running or PodState.Degraded)
                throw EngineErrors.InvalidState(pod.Id, "cannot add init-ctr to a running pod", "stop the pod first");
            var infra = pod.Config.InfraId.Length > 0 ? parts.Containers.Get(pod.Config.InfraId).Config : null;
            return Create(Pods.PodMembership.Join(pod.Config, infra, spec), pod.Config, cancellationToken);
        }
    }

    private ContainerCreateResult Create(ContainerSpec spec, PodConfig? pod, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var image = Check(spec);
        if (spec.Replace && spec.Name is null)
            throw EngineErrors.InvalidArgument("cannot replace a container without a name", null, "name the container to replace");
        var owners = parts.UserNamespaces.Plan(spec, image?.Image.TopLayerId);
        var config = Configure(spec, image, owners, warnings, pod, ContainerNames.NewId());
        if (spec.Replace)
            RemoveNamesake(config.Name, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new(Make(config, owners, cancellationToken), warnings);
            }
            catch (ContainerEngineException e) when (e.Kind == ErrorKind.NameInUse && spec.Name is null && attempt < InventedNameTries)
            {
                config = config with { Name = $"{ContainerNames.Invent()}{attempt}" };
            }
        }
    }

    /// <summary>Refuses what can be seen without looking at anything but the image.</summary>
    /// <returns>The image; null with a root file system of the host's.</returns>
    private FoundImage? Check(ContainerSpec spec)
    {
        if (parts.Conf.Engine.EventsInspectData)
            throw EngineErrors.Unsupported("events_container_create_inspect_data is set in containers.conf, and the event of a creation can't hold what inspect says",
                "events_container_create_inspect_data", "set it to false");
        if (spec.Name is { } wanted)
            ContainerNames.Validate(wanted);
        if (spec.RootFs is { } root && !Directory.Exists(root))
            throw new ContainerEngineException(ErrorKind.NotFound, "RootFileSystemNotFound", $"the root file system {root} is not a directory of this host", root,
                "correct the path");
        PreservedDescriptors.Check(spec.PreserveDescriptors);
        var image = spec.RootFs is null ? parts.Images.Get(spec.Image, spec.Platform) : null;
        if (image is not null && spec.Platform is { } platform)
            parts.Images.CheckPlatform(image.Image, platform);
        if (spec.AutoRemove && spec.RestartPolicy.Kind != RestartPolicyKind.No)
            throw EngineErrors.InvalidArgument("the --rm option conflicts with --restart, when the restartPolicy is not \"\" and \"no\"", spec.RestartPolicy.ToString(),
                "leave one of them out");
        return image;
    }

    /// <summary>Refuses what only one runtime can do, or none here.</summary>
    private static void CheckRuntime(ContainerSpec spec, RuntimeChoice runtime)
    {
        var crun = runtime.Name == "crun";
        if (spec.Groups.Contains("keep-groups"))
        {
            if (spec.Groups.Count > 1)
                throw EngineErrors.InvalidArgument("the '--group-add keep-groups' option is not allowed with any other --group-add options", "keep-groups", "leave the others out");
            if (!crun)
                throw EngineErrors.Unsupported($"the OCI runtime {runtime.Name} can't keep the caller's groups", "keep-groups", "use crun");
        }
        if (!crun && spec.Mounts.Any(mount => mount.Options.Contains("no-dereference")))
            throw EngineErrors.Unsupported($"the OCI runtime {runtime.Name} can't mount a link itself (no-dereference)", "no-dereference", "use crun");
        switch (spec.Cgroups)
        {
            case "enabled" or "no-conmon":
                return;
            case SplitCgroup.Name when spec.CgroupParent is { Length: > 0 } parent:
                throw EngineErrors.InvalidArgument("cannot specify --cgroup-mode=split with a cgroup-parent", parent, "leave one of them out");
            case SplitCgroup.Name:
                return;
            case "disabled" when crun || runtime.Name == Runtime.Chroot.ChrootRuntime.Name:
                return;
            case "disabled":
                throw EngineErrors.Unsupported($"requested OCI runtime {runtime.Name} is not compatible with NoCgroups", "cgroups", "use crun");
            default:
                throw EngineErrors.InvalidArgument($"invalid cgroup mode \"{spec.Cgroups}\"", spec.Cgroups, "use enabled, disabled, no-conmon or split");
        }
    }

    // By its whole name: the name may also be the beginning of another container's id.
    private void RemoveNamesake(string name, CancellationToken cancellationToken)
    {
        if (parts.Containers.FindByName(name) is { } id)
            parts.Remover.Remove(id, new RemoveOptions { Force = true, Ignore = true }, cancellationToken);
    }

    private ContainerConfig Configure(ContainerSpec spec, FoundImage? image, UserNamespacePlan owners, List<string> warnings, PodConfig? pod, string id)
    {
        var imageConfig = image is null ? new ImageConfig() : parts.Images.ReadConfig(image.Image).ToModel();
        var choice = parts.Components.ChooseRuntime(spec.Runtime);
        CheckRuntime(spec, choice);
        var network = parts.Networks.Plan(spec, imageConfig, parts.Containers.Resolve);
        // A namesake that is to go first may hold them.
        if (spec.CheckPorts && !spec.Replace)
        {
            NetworkService.ReservePorts(network.Ports).Dispose();
            parts.LatePorts.Check(network.Ports, id);
            parts.Networks.CheckAddresses(network.Attachments, id);
        }
        warnings.AddRange(network.Warnings);
        var log = Log(spec, warnings);
        var (cgroup, slice) = Cgroup(spec, id);
        var config = new ContainerConfig
        {
            Id = id,
            Name = spec.Name ?? ContainerNames.Invent(),
            Spec = WithProxies(spec) with
            {
                Registry = new(),
                Replace = false,
                CheckPorts = false,
                // An ordinary user's default is the mode of a program, which inspect shows.
                Network = network.Mode.Kind is NamespaceKind.Pasta or NamespaceKind.Slirp4netns ? network.Mode : spec.Network,
                User = spec.User ?? owners.User,
                Requires = parts.Dependencies.Resolve(spec, pod?.InfraId ?? ""),
                Secrets = parts.ContainerSecrets.Resolve(spec.Secrets),
            },
            ImageName = image is null ? "" : image.Name ?? image.Image.Names.FirstOrDefault() ?? image.Image.Id,
            ImageId = image?.Image.Id ?? "",
            ImageDigest = image?.Image.Digest ?? "",
            ImageConfig = imageConfig,
            Labels = Merge(imageConfig.Labels, spec.Labels),
            Network = network.Mode,
            UserNamespace = owners.Mode,
            UserIdMap = owners.UserMap,
            GroupIdMap = owners.GroupMap,
            Networks = network.Attachments,
            Ports = network.Ports,
            ExposedPorts = network.ExposedPorts,
            Mounts = parts.Mounts.Plan(spec, imageConfig, other => parts.Containers.Get(parts.Containers.Resolve(other)).Config.Mounts),
            RuntimeName = choice.Name,
            RuntimePath = choice.Path,
            LogDriver = log.Driver,
            LogPath = LogSettings.HasFile(log.Driver) ? log.Path ?? Path.Combine(parts.Storage.StaticDirectory(id), "ctr.log") : "",
            LogSizeMax = log.SizeMaximum,
            LogFiles = log.Files,
            LogTag = log.Tag,
            NotifySocket = NotifySocket(spec),
            Health = Health(spec, imageConfig, warnings),
            StopSignal = StopSignal(spec, imageConfig),
            StopTimeout = spec.StopTimeout ?? (int)parts.Conf.Engine.StopTimeout,
            CgroupPath = cgroup,
            CgroupSlice = slice,
            PodId = pod?.Id ?? "",
            InfraId = pod?.InfraId ?? "",
            AppArmorProfile = parts.AppArmor.Choose(SecurityOptions.Value(spec.SecurityOptions, "apparmor"), parts.Conf.Containers.ApparmorProfile,
                spec.Privileged || parts.Conf.Containers.Privileged),
        };
        config = config with { Command = parts.Specs.Preview(config).Arguments, LogTag = ExpandTag(config) };
        warnings.AddRange(parts.Specs.Check(config));
        parts.Labels.Check(config);
        if (parts.BootUnits.Warning(spec.RestartPolicy, config.Name) is { } warning)
            warnings.Add(warning);
        return config;
    }

    // Its path, and the slice where systemd makes it.
    private (string Path, string Slice) Cgroup(ContainerSpec spec, string id)
    {
        if (spec.Cgroups == "disabled")
            return ("", "");
        // For what is looked at before the start, which says where it really is.
        if (spec.Cgroups == SplitCgroup.Name)
            return (SplitCgroup.Container(parts.Host.Cgroups, id), "");
        if (parts.CgroupManager != SystemdCgroups.Name)
            return (CgroupPaths.Container(parts.Host, id, spec.CgroupParent), "");
        var slice = SystemdCgroups.Slice(spec.CgroupParent);
        return (SystemdCgroups.Container(slice, id), slice);
    }

    /// <summary>Intent, storage, volumes, outcome: a kill anywhere between leaves something that the next look undoes.</summary>
    private Container Make(ContainerConfig config, UserNamespacePlan owners, CancellationToken cancellationToken, Arrival? arrival = null)
    {
        var (reserved, users, groups) = parts.UserNamespaces.Reserve(owners, cancellationToken);
        using var held = reserved;
        config = config with { UserIdMap = users, GroupIdMap = groups };
        var record = new ContainerRecord
        {
            Config = config,
            Name = config.Name,
            Created = DateTimeOffset.UtcNow,
            Executable = parts.Executables.Ensure(),
            State = ContainerState.Created,
            Intent = arrival is { BringsVolumes: true } ? Intent.Import : Intent.Create,
            Boot = parts.Host.BootId,
        };
        using var locked = parts.Containers.Lock(config.Id, cancellationToken);
        try
        {
            parts.Containers.Insert(record, cancellationToken);
        }
        catch
        {
            // Nothing was made: the lock's file goes with this look.
            _ = parts.Containers.FindLocked(config.Id);
            throw;
        }
        try
        {
            // A copy that no container named may have been removed until the row above named it.
            parts.Executables.Ensure();
            var labels = parts.Storage.CreateContainer(new ContainerLayerRequest
            {
                Id = config.Id,
                Name = config.Name,
                ImageId = config.ImageId.Length > 0 ? config.ImageId : null,
                MetadataJson = StorageMetadata(config, record.Created),
                Volatile = Build.BuildContainers.IsShortLived(config),
                UserMap = users,
                GroupMap = groups,
                ChooseLabels = parts.Host.SELinux ? taken => parts.Labels.Decide(config, taken) : null,
            });
            reserved?.Dispose();
            StepPoints.Reach("container.create.storage");
            if (labels != SELinuxLabels.None)
                record = parts.Containers.CommitConfig(record with { Config = config = config with { ProcessLabel = labels.Process, MountLabel = labels.Mount } }, "create-label");
            parts.ContainerSecrets.Copy(config, cancellationToken);
            StepPoints.Reach("container.create.secrets");
            if (arrival is { BringsVolumes: true })
                parts.Volumes.ClaimNew(config.Id, config.Mounts, cancellationToken);
            else
                parts.Volumes.Claim(config.Id, config.Mounts);
            StepPoints.Reach("container.create.volumes");
            parts.Networks.CheckNetworks(config);
            if (arrival is not null)
                record = Fill(record, arrival);
            cancellationToken.ThrowIfCancellationRequested();
            return parts.Lister.ToModel(parts.Containers.Commit(record with { Intent = null }, "create", "create"), lost: false);
        }
        catch
        {
            parts.Takedown.UndoCreation(record);
            throw;
        }
    }

    /// <summary>What podman writes there, so that its list of external containers shows the image and the name.</summary>
    internal static string StorageMetadata(ContainerConfig config, DateTimeOffset created)
    {
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["image-name"] = config.ImageName,
            ["image-id"] = config.ImageId,
            ["name"] = config.Name,
            ["created-at"] = created.ToUnixTimeSeconds(),
        };
        return json.ToJsonString();
    }

    private LogSettings Log(ContainerSpec spec, List<string> warnings)
    {
        var settings = LogSettings.Decide(spec, parts.Conf.Containers, JournalService.IsThere);
        if (settings.Driver == "passthrough" && Enumerable.Range(0, 3).Any(Terminal.IsTerminal))
            throw EngineErrors.InvalidArgument("the log driver passthrough can't be used on a terminal: the container would own it", "passthrough", "if that is what you want, use passthrough-tty");
        // Said of what was asked for; containers.conf's own limit would say it with every container.
        if (spec.LogOptions.ContainsKey("max-size") && settings is { SizeMaximum: > 0, Files: > 1 } && !parts.Bundles.RotatesLog(settings.SizeMaximum, settings.Files))
            warnings.Add("when the log reaches its limit, its lines are discarded: this host's conmon can't keep them in a second file, version 2.2 can");
        return settings;
    }

    private static ContainerHealthConfig Health(ContainerSpec spec, ImageConfig image, List<string> warnings)
    {
        var health = HealthPlanner.Plan(spec.Health, image.HealthCheck, warnings);
        if (spec.SdNotify == "healthy" && !health.IsChecked())
            throw EngineErrors.InvalidArgument("sdnotify policy \"healthy\" requires a healthcheck to be set", "sdnotify", "say with --health-cmd what is to be run");
        if (spec.AutoRemove && health.OnFailure == HealthAction.Restart)
            warnings.Add("when it is unhealthy it is not restarted but removed: that is what --rm does at its end");
        return health;
    }

    private string NotifySocket(ContainerSpec spec) => spec.SdNotify switch
    {
        "ignore" => "",
        "container" or "conmon" or "healthy" => parts.Environment.Variable("NOTIFY_SOCKET") ?? "",
        var other => throw EngineErrors.InvalidArgument($"invalid sdnotify value \"{other}\": must be conmon, container, healthy or ignore", other, "use one of these"),
    };

    private static string ExpandTag(ContainerConfig config) => LogTag.Expand(config.LogTag, field => field switch
    {
        "ID" or "Id" => config.Id,
        "Name" => config.Name,
        "Image" => config.ImageId,
        "ImageName" => config.ImageName,
        "ImageDigest" => config.ImageDigest,
        _ => null,
    });

    /// <summary>The caller's proxies are kept: a restart by policy and a boot have no caller that could have them.</summary>
    private ContainerSpec WithProxies(ContainerSpec spec)
    {
        if (!spec.HttpProxy || !parts.Conf.Containers.HttpProxy)
            return spec;
        var variables = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal);
        foreach (var name in SpecGenerator.ProxyVariables)
        {
            if (parts.Environment.Variable(name) is { } value)
                variables.TryAdd(name, value);
        }
        return variables.Count == spec.Environment.Count ? spec : spec with { Environment = variables };
    }

    private int StopSignal(ContainerSpec spec, ImageConfig image)
    {
        var text = SystemdRules.StopSignal(spec, image, parts.Conf);
        return Signals.TryParse(text, out var number) ? number : throw EngineErrors.InvalidArgument($"\"{text}\" is not a signal", text,
            "use a name such as TERM or SIGINT, or a number from 1 to 64");
    }

    private static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> image, IReadOnlyDictionary<string, string> own)
    {
        if (image.Count == 0)
            return own;
        var merged = new Dictionary<string, string>(image);
        foreach (var (key, value) in own)
            merged[key] = value;
        return merged;
    }
}
