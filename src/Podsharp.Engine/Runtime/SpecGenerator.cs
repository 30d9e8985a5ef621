using System.Globalization;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Hooks;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Makes config.json: a pure function of what was asked, the image, the host, containers.conf and what was allocated. The
/// defaults are podman's.</summary>
internal sealed partial class SpecGenerator
{
    // /run/podman-init is where software that looks for it expects the init program.
    private const string InitTarget = "/run/podman-init";

    private readonly ContainerSpec spec;
    private readonly ImageConfig image;
    private readonly HostFacts host;
    private readonly ContainersConf configuration;
    private readonly SpecResources resources;
    private readonly List<string> warnings = [];

    private SpecGenerator(ContainerSpec spec, ImageConfig image, HostFacts host, ContainersConf configuration, SpecResources resources)
    {
        this.spec = spec;
        this.image = image;
        this.host = host;
        this.configuration = configuration;
        this.resources = resources;
    }

    /// <summary>Makes the document.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument where the spec contradicts itself or the host.</exception>
    internal static GeneratedSpec Generate(ContainerSpec spec, ImageConfig image, HostFacts host, ContainersConf configuration,
        SpecResources resources) => new SpecGenerator(spec, image, host, configuration, resources).Generate();

    /// <summary>The parts of the process that are known before anything is allocated: for a container that was only defined.</summary>
    internal static ContainerProcessConfig Process(ContainerSpec spec, ImageConfig image, HostFacts host, ContainersConf configuration,
        string id, string name) => new SpecGenerator(spec, image, host, configuration,
            new SpecResources { Id = id, Name = name, RootPath = "/" }).ProcessConfig();

    // Of the container's own user namespace, where it has one.
    private bool HasUser(uint id) => resources.UserMap.Count > 0 ? IdMapping.ToOutside(resources.UserMap, id) is not null : host.HasUser(id);

    private bool HasGroup(uint id) => resources.GroupMap.Count > 0 ? IdMapping.ToOutside(resources.GroupMap, id) is not null : host.HasGroup(id);

    private bool InUserNamespace => host.InUserNamespace || resources.UserMap.Count > 0;

    private bool Privileged => spec.Privileged || configuration.Containers.Privileged;

    private GeneratedSpec Generate()
    {
        SecurityOptions.Check(spec.SecurityOptions);
        if (!HasUser(resources.User.UserId) || !HasGroup(resources.User.GroupId))
        {
            throw EngineErrors.InvalidArgument($"user {resources.User.UserId}:{resources.User.GroupId} does not exist in this user namespace",
                resources.User.Name, "give this user a range of ids in /etc/subuid and /etc/subgid");
        }
        var process = ProcessConfig();
        var bounding = BoundingSet();
        var effective = EffectiveSet(bounding);
        var mounts = Mounts(process.Systemd);
        var annotations = Annotations(process);
        var document = new OciSpec
        {
            Process = OciProcess(process, bounding, effective),
            Root = new OciRoot { Path = resources.RootPath, Readonly = spec.ReadOnly || configuration.Containers.ReadOnly },
            Hostname = SpecRules.OwnsNamespace(UtsMode) ? process.HostName : null,
            Mounts = mounts,
            Hooks = Hooks(process, annotations),
            Annotations = annotations,
            Linux = Linux(bounding, process.Systemd),
        };
        return new GeneratedSpec
        {
            Spec = document,
            Process = process,
            MountPoints = MountPoints(),
            BoundingCapabilities = bounding,
            EffectiveCapabilities = effective,
            Warnings = warnings,
        };
    }

    private ContainerProcessConfig ProcessConfig()
    {
        var (entryPoint, command) = SpecRules.Command(spec, image);
        if (entryPoint.Count + command.Count == 0)
        {
            throw EngineErrors.InvalidArgument("no command or entrypoint provided, and no CMD or ENTRYPOINT from image", spec.Image,
                "give a command after the image's name");
        }
        var hostName = HostName();
        return new ContainerProcessConfig
        {
            Arguments = [.. entryPoint, .. command],
            EntryPoint = entryPoint,
            Command = command,
            Environment = Environment(hostName),
            WorkingDirectory = spec.WorkingDirectory is { Length: > 0 } directory ? directory
                : image.WorkingDirectory.Length > 0 ? image.WorkingDirectory : "/",
            User = spec.User ?? image.User,
            StopSignal = Signals.Parse(SystemdRules.StopSignal(spec, image, configuration)),
            StopTimeout = spec.StopTimeout ?? (int)configuration.Engine.StopTimeout,
            Systemd = SystemdRules.Applies(spec, image, configuration),
            HostName = hostName,
        };
    }

    private string HostName()
    {
        if (spec.HostName is { Length: > 0 } asked)
            return asked;
        if (spec.Network.Kind == NamespaceKind.Host || UtsMode.Kind == NamespaceKind.Host)
            return host.HostName;
        return configuration.Containers.ContainerNameAsHostname ? resources.Name
            : resources.Id.Length > 12 ? resources.Id[..12] : resources.Id;
    }

    private IReadOnlyList<string> Environment(string hostName)
    {
        var variables = new EnvironmentList();
        foreach (var variable in configuration.Containers.Environment)
            variables.SetText(variable);
        variables.SetDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        if (spec.Terminal)
            variables.Set("TERM", "xterm");
        variables.Set("container", "podsharp");
        if (configuration.Containers.EnvironmentFromHost)
        {
            foreach (var (name, value) in resources.CallerEnvironment)
                variables.SetDefault(name, value);
        }
        foreach (var variable in image.Environment)
            variables.SetText(variable);
        foreach (var (name, value) in spec.EnvironmentMerge)
            variables.Set(name, VariableExpansion.Expand(value, variables.Get));
        if (spec.ClearEnvironment)
            variables.Clear();
        foreach (var name in spec.RemoveEnvironment)
            variables.Remove(name);
        // What was asked for stays: only what image and engine bring can be left out.
        if (spec.HttpProxy && configuration.Containers.HttpProxy)
            AddProxies(variables);
        foreach (var (name, value) in spec.Environment)
            variables.Set(name, value);
        variables.SetDefault("HOME", resources.User.Home);
        variables.SetDefault("HOSTNAME", hostName);
        foreach (var variable in resources.AddedDevices.Environment)
            variables.SetText(variable);
        return variables.ToList();
    }

    /// <summary>The variables that hold proxies.</summary>
    internal static IReadOnlyList<string> ProxyVariables { get; } =
        ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ftp_proxy", "FTP_PROXY", "no_proxy", "NO_PROXY"];

    private void AddProxies(EnvironmentList variables)
    {
        foreach (var name in ProxyVariables)
        {
            if (resources.CallerEnvironment.TryGetValue(name, out var value))
                variables.Set(name, value);
        }
    }

    private OciProcess OciProcess(ContainerProcessConfig process, CapabilitySet bounding, CapabilitySet effective)
    {
        IReadOnlyList<string>? ambient = resources.User.UserId != 0 && !effective.IsEmpty ? effective.ToNames() : null;
        uint[] groups = [];
        foreach (var id in resources.User.AdditionalGroups)
            if (HasGroup(id)) groups = UserLookup.With(groups, id);
        foreach (var id in resources.AddedDevices.Groups)
            groups = UserLookup.With(groups, id);
        return new OciProcess
        {
            Terminal = spec.Terminal,
            User = new OciUser
            {
                Uid = resources.User.UserId,
                Gid = resources.User.GroupId,
                Umask = SpecRules.ParseUmask(spec.Umask ?? configuration.Containers.Umask),
                AdditionalGids = groups.Length > 0 ? groups : null,
            },
            Args = WantsInit ? [InitTarget, "--", .. process.Arguments] : process.Arguments,
            Env = RuntimeEnvironment(process),
            Cwd = process.WorkingDirectory,
            Capabilities = new OciCapabilities
            {
                Bounding = bounding.ToNames(),
                Effective = effective.ToNames(),
                Permitted = effective.ToNames(),
                Inheritable = ambient,
                Ambient = ambient,
            },
            Rlimits = Rlimits(),
            NoNewPrivileges = SecurityOptions.NoNewPrivileges(spec.SecurityOptions),
            ApparmorProfile = resources.AppArmorProfile,
            SelinuxLabel = resources.Labels.Process.Length > 0 ? resources.Labels.Process : null,
            OomScoreAdj = OomScore(),
        };
    }

    // What the record of the process doesn't have.
    private IReadOnlyList<string> RuntimeEnvironment(ContainerProcessConfig process)
    {
        if (resources.SecretVariables.Count == 0 && resources.NotifyDirectory is null && !process.Systemd)
            return process.Environment;
        var variables = new EnvironmentList();
        foreach (var variable in process.Environment.Concat(resources.SecretVariables))
            variables.SetText(variable);
        if (resources.NotifyDirectory is not null)
            variables.Set("NOTIFY_SOCKET", "/run/notify/notify.sock");
        // systemd makes its machine id of it.
        if (process.Systemd)
            variables.SetDefault("container_uuid", resources.Id[..32]);
        return variables.ToList();
    }

    private bool WantsInit => resources.InitPath is not null && (spec.Init || configuration.Containers.Init);

    private CapabilitySet BoundingSet()
    {
        if (Privileged)
            return CapabilitySet.All & host.BoundingCapabilities;
        var wanted = CapabilitySet.Merge(CapabilitySet.Parse(configuration.Containers.DefaultCapabilities), spec.AddCapabilities, spec.DropCapabilities);
        var missing = wanted - host.BoundingCapabilities;
        // "ALL" means all there are; one that was named is missed.
        foreach (var name in spec.AddCapabilities.Where(name => !name.Equals("ALL", StringComparison.OrdinalIgnoreCase)))
        {
            if (missing.Contains(CapabilitySet.Parse(name)))
                warnings.Add($"this host can't grant the capability {CapabilitySet.Parse(name).ToNames()[0]}");
        }
        return wanted & host.BoundingCapabilities;
    }

    // Only root starts with the capabilities it may have; others get those that were asked for by name.
    private CapabilitySet EffectiveSet(CapabilitySet bounding) => resources.User.UserId == 0 ? bounding
        : CapabilitySet.Merge(CapabilitySet.None, spec.AddCapabilities, spec.DropCapabilities) & bounding;

    private List<OciRlimit> Rlimits()
    {
        var limits = new Dictionary<string, Ulimit>(StringComparer.Ordinal)
        {
            ["nofile"] = new("nofile", 1048576, 1048576),
            ["nproc"] = new("nproc", 1048576, 1048576),
        };
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var limit in configuration.Containers.DefaultUlimits.Select(UlimitText.Parse).Concat(spec.Ulimits))
        {
            if (!UlimitText.IsName(limit.Name))
                throw EngineErrors.InvalidArgument($"unknown ulimit \"{limit.Name}\"", limit.Name, "use one of " + string.Join(", ", UlimitText.Names));
            if (limit.Hard >= 0 && (limit.Soft < 0 || limit.Soft > limit.Hard))
                throw EngineErrors.InvalidArgument($"the soft limit of ulimit {limit.Name} is above its hard limit", limit.Name, "write NAME=SOFT:HARD");
            limits[limit.Name] = limit;
            asked.Add(limit.Name);
        }
        return [.. limits.Values.OrderBy(limit => limit.Name, StringComparer.Ordinal).Select(limit =>
        {
            var (soft, hard) = Clamp(limit.Name, limit.Soft, limit.Hard, asked.Contains(limit.Name));
            return new OciRlimit("RLIMIT_" + limit.Name.ToUpperInvariant(), unchecked((ulong)hard), unchecked((ulong)soft));
        })];
    }

    // Nobody without CAP_SYS_RESOURCE can raise a hard limit, and the runtime would die of trying.
    private (long Soft, long Hard) Clamp(string name, long soft, long hard, bool asked)
    {
        var highest = name == "nofile" ? host.MaximumOpenFiles : -1;
        if (!host.CanRaiseLimits || (!asked && host.HardLimits.ContainsKey(name)))
            highest = Lower(highest, host.HardLimits.GetValueOrDefault(name, -1));
        if (highest < 0 || (hard >= 0 && hard <= highest))
            return (soft, hard);
        if (asked)
            warnings.Add($"the hard limit of ulimit {name} is lowered to {highest}, this host's own");
        return (Lower(soft, highest), highest);
    }

    private static long Lower(long left, long right) => left < 0 ? right : right < 0 ? left : Math.Min(left, right);

    private int? OomScore()
    {
        var wanted = spec.Resources.OomScoreAdj ?? (int?)configuration.Containers.OomScoreAdjust;
        if (wanted is not { } score)
            return null;
        if (score is < -1000 or > 1000)
            throw EngineErrors.InvalidArgument($"oom-score-adj {score} is not between -1000 and 1000", score.ToString(CultureInfo.InvariantCulture));
        if (score >= host.OomScoreAdjust || host.CanRaiseLimits)
            return score;
        warnings.Add($"oom-score-adj {score} is raised to {host.OomScoreAdjust}, the lowest this process may give");
        return host.OomScoreAdjust;
    }

    private OciHooks? Hooks(ContainerProcessConfig process, SortedList<string, string> annotations)
    {
        var bound = resources.Mounts.Any(mount => mount.Type is MountType.Bind or MountType.Volume);
        var hooks = resources.AddedDevices.Hooks.Concat(resources.HostHooks.Where(hook => hook.Applies(process.Arguments[0], annotations, bound))
            .SelectMany(hook => hook.Stages.Select(stage => new StagedHook(stage, hook.Hook)))).ToList();
        return StagedHook.ToOci(hooks);
    }

    private SortedList<string, string> Annotations(ContainerProcessConfig process)
    {
        var annotations = new SortedList<string, string>(StringComparer.Ordinal)
        {
            ["io.container.manager"] = "podsharp",
            ["org.opencontainers.image.stopSignal"] = process.StopSignal.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var text in configuration.Containers.Annotations)
        {
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split > 0)
                annotations[text[..split]] = text[(split + 1)..];
        }
        // crun's word for it; what other runtimes can't do was refused at the creation.
        if (spec.Groups is ["keep-groups"])
            annotations["run.oci.keep_original_groups"] = "1";
        if (SecurityOptions.IsNested(spec.SecurityOptions))
            annotations["run.oci.mount_context_type"] = "rootcontext";
        foreach (var (name, value) in spec.Annotations)
            annotations[name] = value;
        return annotations;
    }
}
