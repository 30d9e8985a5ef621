using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Devices;
using Podsharp.Engine.Devices.Cdi;
using Podsharp.Engine.Hooks;
using Podsharp.Engine.Host;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Feeds the spec generator, which is pure, with what this host and this container have.</summary>
internal sealed class ContainerSpecs(EngineParts parts)
{
    /// <summary>config.json and what goes with it.</summary>
    public GeneratedSpec Generate(ContainerConfig config, SpecResources resources) => Fill(config, resources with
    {
        Seccomp = FindSeccomp(config),
        AppArmorProfile = parts.AppArmor.Prepare(config),
        AddedDevices = FindDevices(config.Spec),
        HostHooks = HookReader.Read(HookDirectories),
    });

    private IReadOnlyList<string> HookDirectories => parts.Options.HookDirectories.Count > 0 ? parts.Options.HookDirectories
        : parts.Conf.Engine.HookDirectories ?? (parts.Host.IsRootless ? [] : HookReader.DefaultDirectories);

    private ContainerDevices FindDevices(ContainerSpec spec)
    {
        var cdi = new CdiRegistry(parts.Options.CdiDirectories.Count > 0 ? parts.Options.CdiDirectories : parts.Conf.Engine.CdiDirectories);
        return new DeviceResolver(parts.Host, cdi).Resolve([.. parts.Conf.Containers.Devices, .. spec.Devices, .. cdi.NamesOfGpus(spec.Gpus)], spec.DeviceRules);
    }

    private SeccompProfile? FindSeccomp(ContainerConfig config)
    {
        var spec = config.Spec;
        switch (spec.SeccompPolicy)
        {
            case "default" or "":
                return SeccompProfile.Find(spec.SecurityOptions, IsPrivileged(spec), parts.Conf, parts.Host);
            case "image" when config.ImageConfig.Labels.TryGetValue(SeccompProfile.ImageLabel, out var profile) && profile.Length > 0:
                return parts.Host.Seccomp ? SeccompProfile.FromJson("the image's label " + SeccompProfile.ImageLabel, System.Text.Encoding.UTF8.GetBytes(profile)) : null;
            case "image":
                throw EngineErrors.InvalidArgument("no seccomp policy defined by image", SeccompProfile.ImageLabel, "give the image the label " + SeccompProfile.ImageLabel + ", or leave --seccomp-policy out");
            default:
                throw EngineErrors.InvalidArgument($"invalid seccomp policy \"{spec.SeccompPolicy}\"", spec.SeccompPolicy, "use default or image");
        }
    }

    private GeneratedSpec Fill(ContainerConfig config, SpecResources resources) => SpecGenerator.Generate(config.Spec,
        config.ImageConfig, parts.Host, parts.Conf, resources with
        {
            UserMap = config.UserIdMap,
            Labels = parts.Labels.Of(config),
            GroupMap = config.GroupIdMap,
            InitPath = config.Spec.Init || parts.Conf.Containers.Init ? InitPath(config.Spec) : null,
            BlockIO = BlockDevices.Find(config.Spec.Resources, parts.Host),
            Devices = IsPrivileged(config.Spec) ? HostDevice.List() : [],
            CallerEnvironment = parts.Environment.Variables,
        });

    /// <summary>Refuses at creation what would fail at the start, and tells what is clamped or without effect.</summary>
    public IReadOnlyList<string> Check(ContainerConfig config)
    {
        // A profile of the host's is translated by the start alone; one that was asked for may be anything.
        var profile = FindSeccomp(config);
        if (config.Spec.SeccompPolicy == "image" || SecurityOptions.Value(config.Spec.SecurityOptions, "seccomp") is not null)
            profile?.ToOci(CapabilitySet.All, parts.Host);
        _ = FindDevices(config.Spec);
        _ = HookReader.Read(HookDirectories);
        if (config.Spec.RdtClass is { Length: > 0 } rdt && !Directory.Exists("/sys/fs/resctrl/info"))
            throw EngineErrors.Unsupported($"the class of service {rdt} can't be used: this host has no resctrl file system", rdt, "leave --rdt-class out, or mount resctrl on /sys/fs/resctrl");
        _ = TimeZones.Find(config.Spec.TimeZone);
        return Plan(config).Warnings;
    }

    /// <summary>What the set-up of a container would make, before anything is mounted or allocated, and without what may not be on the host just now.</summary>
    public GeneratedSpec Plan(ContainerConfig config) => Fill(config, new SpecResources
    {
        Id = config.Id,
        Name = config.Name,
        RootPath = "/",
        CgroupPath = config.RuntimeCgroup(),
        // Whether the container whose namespace is to be shared runs is a matter of the start.
        NetworkNamespacePath = Placeholder(config.Spec.Network),
        PidNamespacePath = Placeholder(config.Spec.PidNamespace),
        IpcNamespacePath = Placeholder(config.Spec.IpcNamespace),
        UtsNamespacePath = Placeholder(config.Spec.UtsNamespace),
        CgroupNamespacePath = Placeholder(config.Spec.CgroupNamespace),
        Mounts = [.. config.Mounts.Select(Planned)],
    });

    private ResolvedMount Planned(ContainerMount mount) => new()
    {
        Type = mount.Type,
        Source = mount.Type == MountType.Volume ? parts.Volumes.DataPath(mount.Source) : mount.Source,
        Target = mount.Target,
        Options = mount.Options,
        VolumeName = mount.Type == MountType.Volume ? mount.Source : "",
        FileSystem = mount.Type switch
        {
            MountType.Ramfs => "ramfs",
            MountType.Devpts => "devpts",
            MountType.Image => "overlay",
            _ => mount.Options.Contains("O") ? "overlay" : null,
        },
    };

    private static string? Placeholder(NamespaceMode mode) => mode.Kind == NamespaceKind.Container ? "/proc/self/ns" : null;

    /// <summary>What will run, for a container that has not been started.</summary>
    public ContainerProcessConfig Preview(ContainerConfig config) =>
        SpecGenerator.Process(config.Spec, config.ImageConfig, parts.Host, parts.Conf, config.Id, config.Name);

    private string InitPath(ContainerSpec spec) => spec.InitPath is not { Length: > 0 } path ? parts.Components.Init : File.Exists(path) ? path
        : throw new ContainerEngineException(ErrorKind.NotFound, "InitNotFound", $"container-init binary not found on the host: {path}", path, "correct the path");

    private bool IsPrivileged(ContainerSpec spec) => spec.Privileged || parts.Conf.Containers.Privileged;
}
