using System.Globalization;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Host;
using Podsharp.Engine.Json;
using Podsharp.Engine.Podman;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>What an archive of a checkpoint says of the container in it: its members config.dump and spec.dump.</summary>
/// <remarks>config.dump is podman's configuration of a container, with one member of our own, which podman passes over: our configuration of the same container,
/// with nothing of this host in it. By that the container is made anew here just as it was; without it, from an archive of podman's, as
/// <see cref="PodmanSpecMapper"/> understands podman's.</remarks>
internal sealed partial record CheckpointDefinition
{
    private const string OwnMember = "podsharp";
    private const int OwnVersion = 1;

    /// <summary>The container's id: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its image; empty for a root file system of the host's.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>The name of its image, by which that can be fetched.</summary>
    public string ImageName { get; init; } = "";

    /// <summary>The id of the pod that it was in; empty for none.</summary>
    public string PodId { get; init; } = "";

    /// <summary>Its named and anonymous volumes; all have a source, the volume's name.</summary>
    public IReadOnlyList<ContainerMount> Volumes { get; init; } = [];

    /// <summary>Which engine has made the archive: podsharp or podman.</summary>
    public required string Engine { get; init; }

    // Ours; null in an archive of podman's.
    private ContainerConfig? Own { get; init; }

    // podman's, with the specification in it.
    private JsonElement Podman { get; init; }

    // Of a later build of ours: then podman's is what is read.
    private bool IsOfLaterVersion { get; init; }

    /// <summary>The member config.dump.</summary>
    /// <param name="record">The container.</param>
    /// <param name="specification">The OCI specification that ran: the bundle's config.json.</param>
    /// <param name="host">What podman has here.</param>
    public static byte[] Write(ContainerRecord record, ReadOnlyMemory<byte> specification, PodmanHost host) => JsonFields.Document(record, (json, container) =>
    {
        new PodmanConfigWriter(container, CheckpointSpecification.MountOptions(specification), host).Write(json);
        json.WriteStartObject(OwnMember);
        json.Field("version", (long)OwnVersion);
        json.WritePropertyName("container");
        json.WriteRawValue(StateWriter.Write(Portable(container.Config) with { Name = container.Name }));
        json.WriteEndObject();
    });

    /// <summary>The member spec.dump.</summary>
    /// <param name="record">The container.</param>
    /// <param name="specification">The OCI specification that ran: the bundle's config.json.</param>
    /// <param name="host">What podman has here.</param>
    public static byte[] WriteSpec(ContainerRecord record, ReadOnlyMemory<byte> specification, PodmanHost host) => CheckpointSpecification.Write(record, specification, host);

    /// <summary>What the container is to be made of again: with its name, its image by id, and its mounts as they were planned. A namespace that it shared with its
    /// pod is left to the pod that it comes into; one that it had for itself it has for itself there, too.</summary>
    /// <param name="image">The configuration of its image, which is here by now; an empty one without an image.</param>
    /// <param name="conf">containers.conf.</param>
    /// <param name="networks">The names of this host's networks.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt: podman's configuration is damaged. Unsupported: it has a mount that only podman could make again.</exception>
    public (ContainerSpec Spec, IReadOnlyList<string> Warnings) Plan(ImageConfig image, ContainersConf conf, IReadOnlySet<string> networks) =>
        Own is { } config ? (Plan(config), []) : PlanOfPodman(image, conf, networks);

    private (ContainerSpec Spec, IReadOnlyList<string> Warnings) PlanOfPodman(ImageConfig image, ContainersConf conf, IReadOnlySet<string> networks)
    {
        // podman has mounted these itself, and CRIU wants the same mount again.
        if (Podman.Items("overlayVolumes").Concat(Podman.Items("ctrImageVolumes")).FirstOrDefault() is { ValueKind: JsonValueKind.Object } mount)
            throw EngineErrors.Unsupported($"container {Name} of podman's can't be restored here: its mount on {Shown(mount.Text("dest"))} is an image's, or a layer over a directory (O)", Name,
                "checkpoint it without that mount");
        try
        {
            var mapper = new PodmanSpecMapper(Podman, image, conf) { Moves = true };
            var spec = mapper.Map(networks, _ => null) with { Name = Name, Image = ImageId, RootFs = ImageId.Length > 0 ? null : Podman.Text("rootfs") };
            Check(spec);
            return (spec, IsOfLaterVersion ? [.. mapper.Warnings, "the archive is of a later version of Podsharp: what only that can do is not carried over"] : mapper.Warnings);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw Damaged(error.Message, error);
        }
    }

    /// <summary>The configuration without what is this host's alone, or this run's.</summary>
    private static ContainerConfig Portable(ContainerConfig config) => config with
    {
        RuntimePath = "",
        LogPath = "",
        NotifySocket = "",
        CgroupPath = "",
        CgroupSlice = "",
        ProcessLabel = "",
        MountLabel = "",
        Spec = config.Spec with
        {
            Replace = false,
            CheckPorts = false,
            IdFile = null,
            PidFile = null,
            ConmonPidFile = null,
            Registry = new(),
            PreserveDescriptors = [],
            LogOptions = config.Spec.LogOptions.Where(option => option.Key != "path").ToDictionary(StringComparer.Ordinal),
            Secrets = [.. config.Spec.Secrets.Select(use => use with { Id = "" })],
            // The engine sees to the pod's own container.
            Requires = [.. config.Spec.Requires.Where(requirement => requirement.Container != config.InfraId)],
        },
    };

    // As it was, whatever defaults the image and this host have by now.
    private static ContainerSpec Plan(ContainerConfig config)
    {
        var spec = Pods.PodMembership.Leave(config, config.Spec);
        var hasMaps = config.UserNamespace.Kind == NamespaceKind.Private && config.UserIdMap.Count > 0;
        return spec with
        {
            Name = config.Name,
            Image = config.ImageId,
            Pod = null,
            Runtime = spec.Runtime ?? (config.RuntimeName.Length > 0 ? config.RuntimeName : null),
            Mounts = config.Mounts,
            VolumesFrom = [],
            Networks = config.HasNetworks() ? config.Networks : [],
            Ports = config.Ports,
            PublishAll = false,
            Network = Apart(config.Spec.Network, spec.Network),
            PidNamespace = Apart(config.Spec.PidNamespace, spec.PidNamespace),
            IpcNamespace = Apart(config.Spec.IpcNamespace, spec.IpcNamespace),
            UtsNamespace = Apart(config.Spec.UtsNamespace, spec.UtsNamespace),
            // The images of the processes have the ids of the host in them.
            UserNamespace = hasMaps ? null : spec.UserNamespace,
            UserMap = hasMaps ? [.. config.UserIdMap.Select(Words)] : spec.UserMap,
            GroupMap = hasMaps ? [.. config.GroupIdMap.Select(Words)] : spec.GroupMap,
            SubUserName = hasMaps ? null : spec.SubUserName,
            SubGroupName = hasMaps ? null : spec.SubGroupName,
        };

        static string Words(IdMapping range) => string.Create(CultureInfo.InvariantCulture, $"{range.Inside}:{range.Outside}:{range.Count}");

        // Not shared with the former pod, so not with the next one.
        NamespaceMode Apart(NamespaceMode former, NamespaceMode mode) => config.PodId.Length > 0 && former.Kind == NamespaceKind.Default ? new(NamespaceKind.Private) : mode;
    }

    private static ContainerEngineException Damaged(string why, Exception? inner = null) => new(ErrorKind.DataCorrupt, "CheckpointDamaged",
        $"the checkpoint's definition of its container can't be read: {why}", null, "make the checkpoint again", inner);
}
