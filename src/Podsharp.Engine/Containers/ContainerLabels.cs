using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>The SELinux labels of containers, by podman's rules. Without SELinux nothing of it has an effect.</summary>
internal sealed class ContainerLabels(EngineParts parts)
{
    // What the engine writes into the run's directory and the container reads: hosts and resolv.conf those too that share its network.
    private static readonly string[] OwnFiles = ["hostname", "localtime", "passwd", "group", ".containerenv", "secrets"];
    private static readonly string[] SharedFiles = ["hosts", "resolv.conf", "notify"];

    private readonly Lazy<SELinuxPolicy> policy = new(SELinuxPolicy.Read);

    /// <summary>The label of volumes; empty without SELinux.</summary>
    public string OfVolumes => parts.Host.SELinux ? policy.Value.SharedFile : "";

    /// <summary>Refuses labels that can't be, before anything is made.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    public void Check(ContainerConfig config)
    {
        if (!parts.Host.SELinux)
            return;
        var labels = Decide(config, SELinuxPolicy.PrivateLevel);
        SELinuxPolicy.CheckKnown(labels.Process);
        SELinuxPolicy.CheckKnown(labels.Mount);
        foreach (var mount in config.Mounts.Where(mount => mount.Type == MountType.Bind && FileLabels.IsAskedFor(mount)))
            FileLabels.CheckTree(mount.Source, Homes());
    }

    /// <summary>Decides a container's labels, given the levels that others have.</summary>
    public SELinuxLabels Decide(ContainerConfig config, IReadOnlySet<string> taken) =>
        parts.Host.SELinux ? Decide(config, SELinuxPolicy.NewLevel(taken)) : SELinuxLabels.None;

    // A service manager may do more than others, unless a type was asked for.
    private SELinuxLabels Decide(ContainerConfig config, string level)
    {
        var asked = Asked(config.Spec);
        var labels = policy.Value.Decide(OptionsOf(config, asked), level);
        return SystemdRules.Applies(config.Spec, config.ImageConfig, parts.Conf) && !asked.Any(option => option.StartsWith("type:", StringComparison.Ordinal))
            ? labels with { Process = policy.Value.OfInit(labels.Process) } : labels;
    }

    /// <summary>The labels of a run: none where the host was booted without SELinux since the container was made.</summary>
    public SELinuxLabels Of(ContainerConfig config) => parts.Host.SELinux ? new(config.ProcessLabel, config.MountLabel) : SELinuxLabels.None;

    /// <summary>Labels the files of a run.</summary>
    public void LabelFiles(ContainerConfig config)
    {
        var mount = Of(config).Mount;
        if (mount.Length == 0)
            return;
        var directory = parts.Storage.RunDirectory(config.Id);
        foreach (var (names, label) in new[] { (OwnFiles, mount), (SharedFiles, FileLabels.Shared(mount)) })
        {
            foreach (var name in names.Select(name => Path.Combine(directory, name)).Where(path => Files.TryStatus(path, followLink: false) is not null))
                FileLabels.Set(name, label);
        }
    }

    /// <summary>What mount(2) is told of the label of memory that the engine mounts for a container, behind other options.</summary>
    public string MountOption(ContainerConfig config) => Of(config).Mount is { Length: > 0 } label
        ? $",{(SecurityOptions.IsNested(config.Spec.SecurityOptions) ? "rootcontext" : "context")}=\"{label}\"" : "";

    // What was asked for counts alone; else who shares processes or memory with somebody has that one's label, and containers of a pod have its infra container's.
    private IReadOnlyList<string> OptionsOf(ContainerConfig config, IReadOnlyList<string> asked)
    {
        if (asked.Count > 0)
            return asked;
        if (!parts.Conf.Containers.Label || config.Spec.Privileged || parts.Conf.Containers.Privileged)
            return ["disable"];
        List<string> options = [];
        foreach (var mode in new[] { SpecGenerator.Mode(config.Spec.PidNamespace, parts.Conf.Containers.PidNamespace), SpecGenerator.Mode(config.Spec.IpcNamespace, parts.Conf.Containers.IpcNamespace) })
        {
            options.AddRange(mode.Kind switch
            {
                NamespaceKind.Host => ["disable"],
                NamespaceKind.Container => SELinuxPolicy.OptionsOf(LabelOf(mode.Target!)),
                _ => [],
            });
        }
        return options.Count == 0 && config.InfraId.Length > 0 && !config.IsInfra() ? SELinuxPolicy.OptionsOf(LabelOf(config.InfraId)) : options;
    }

    // The caller's user and role stand before what was asked for, which counts.
    private IReadOnlyList<string> Asked(ContainerSpec spec) =>
        [.. parts.Conf.Containers.LabelUsers ? SELinuxPolicy.UserOf(HostFiles.ReadText("/proc/thread-self/attr/current") ?? "") : [], .. SecurityOptions.Values(spec.SecurityOptions, "label").Where(option => option != SecurityOptions.Nested)];

    private string LabelOf(string container) => parts.Containers.Get(parts.Containers.Resolve(container)).Config.ProcessLabel;

    private List<string> Homes()
    {
        List<string> homes = [];
        if (parts.Environment.Variable("HOME") is { Length: > 0 } home)
            homes.Add(home);
        // Who became root by sudo means the own home, too.
        if (parts.Environment.Variable("SUDO_USER") is { Length: > 0 } user && UserLookup.Open("/").User(user) is { Length: > 5 } line)
            homes.Add(line[5]);
        return homes;
    }
}
