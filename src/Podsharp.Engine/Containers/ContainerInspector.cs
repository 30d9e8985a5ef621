using System.Globalization;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Devices;
using Podsharp.Engine.Host;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Everything about one container, from its record and its paths: no process is started.</summary>
internal sealed class ContainerInspector(EngineParts parts)
{
    /// <summary>The details.</summary>
    public ContainerDetail Inspect(string nameOrId, bool size)
    {
        var record = parts.Containers.Get(parts.Containers.Resolve(nameOrId));
        if (parts.Settler.NeedsSettling(record))
            record = parts.Settler.TrySettle(record) ?? throw EngineErrors.ContainerNotFound(nameOrId);
        var stored = parts.Storage.FindContainer(record.Id);
        var container = parts.Lister.ToModel(record, lost: stored is null);
        if (size && stored is not null)
            container = parts.Sizes.WithSizes(container);
        return Describe(record, container, stored?.LayerId);
    }

    private ContainerDetail Describe(ContainerRecord record, Container container, string? layerId)
    {
        var config = record.Config;
        var run = record.Run ?? new ContainerRun();
        var staticDirectory = parts.Storage.StaticDirectory(record.Id);
        var runDirectory = parts.Storage.RunDirectory(record.Id);
        var chain = layerId is null ? [] : parts.Storage.GetLayerChain(layerId);
        var directories = chain.Select(layer => layer.DirectoryPath).ToArray();
        // One that was never set up is described by what its set-up would make.
        var planned = run.Process is null ? parts.Specs.Plan(config) : null;
        var network = NetworkOf(record);
        var files = parts.Checkpointer.FilesOf(record);
        return new()
        {
            Container = container,
            Spec = config.Spec,
            Process = planned?.Process ?? run.Process ?? parts.Specs.Preview(config),
            ImageDigest = config.ImageDigest,
            Runtime = config.RuntimeName,
            RuntimePath = config.RuntimePath,
            OciConfigPath = Existing(Path.Combine(runDirectory, "config.json")),
            StaticDirectory = staticDirectory,
            RunDirectory = runDirectory,
            ResolvConfPath = Existing(Path.Combine(runDirectory, "resolv.conf")),
            HostsPath = Existing(Path.Combine(runDirectory, "hosts")),
            HostnamePath = Existing(Path.Combine(runDirectory, "hostname")),
            NotifySocket = config.NotifySocket,
            HealthConfig = config.Health,
            Health = parts.Health.Read(record),
            SecurityOptions = SecurityOptions.Describe(config.Spec.SecurityOptions, config.Spec.Privileged),
            AppArmorProfile = config.AppArmorProfile ?? "",
            ProcessLabel = config.ProcessLabel,
            MountLabel = config.MountLabel,
            LogDriver = config.LogDriver,
            LogSizeMaximum = config.LogSizeMax,
            LogPath = config.LogPath,
            ConmonPid = record.HasRun ? record.ConmonPid : 0,
            ConmonPidFile = config.Spec.ConmonPidFile ?? Path.Combine(runDirectory, "conmon.pid"),
            PidFile = config.Spec.PidFile ?? Path.Combine(runDirectory, "pidfile"),
            CgroupPath = config.CgroupPath,
            CgroupManager = config.CgroupSlice.Length > 0 ? SystemdCgroups.Name : "cgroupfs",
            OomKilled = record.OomKilled,
            Restored = record.Restored,
            CheckpointPath = files.IsComplete ? files.Images : "",
            CheckpointLog = Existing(files.DumpLog),
            RestoreLog = Existing(Checkpoints.ContainerRestorer.LogOf(runDirectory)),
            Error = record.Error,
            StoppedByUser = record.StoppedByUser,
            MergedDirectory = run.RootPath,
            UpperDirectory = directories.Length > 0 ? Path.Combine(directories[0], "diff") : "",
            WorkDirectory = directories.Length > 0 ? Path.Combine(directories[0], "work") : "",
            LowerDirectories = directories.Skip(1).Select(directory => Path.Combine(directory, "diff")).ToArray(),
            MountPoints = planned?.MountPoints ?? run.MountPoints,
            Devices = DeviceResolver.Describe(config.Spec.Devices),
            UserNamespace = config.UserNamespace,
            UserMap = Ranges(config.UserIdMap),
            GroupMap = Ranges(config.GroupIdMap),
            NetworkStatus = network.Status,
            NetworkNamespacePath = network.NamespacePath,
            ExecIds = parts.Containers.Database.Read(connection => ExecTable.ForContainer(connection, record.Id)).Select(exec => exec.Id).ToArray(),
            EffectiveCapabilities = planned?.EffectiveCapabilities.ToNames() ?? run.Capabilities,
            BoundingCapabilities = planned?.BoundingCapabilities.ToNames() ?? run.Capabilities,
            ExposedPorts = config.ExposedPorts,
            ImageVolumes = config.ImageConfig.Volumes,
        };
    }

    /// <summary>The networks as podman lists them: those without addresses of their own count as networks of their mode's name, and who
    /// shares another's network has that one's.</summary>
    private (IReadOnlyList<NetworkStatus> Status, string NamespacePath) NetworkOf(ContainerRecord record)
    {
        var config = record.Config;
        switch (config.Network.Kind)
        {
            case NamespaceKind.None:
                return ([Plain("none")], record.Pid > 0 ? $"/proc/{record.Pid}/ns/net" : "");
            case NamespaceKind.Host:
                return ([Plain("host")], "");
            case NamespaceKind.Pasta:
                return ([Plain("pasta")], record.Run?.NetnsPath ?? "");
            case NamespaceKind.Slirp4netns:
                return ([Plain("slirp4netns")], record.Run?.NetnsPath ?? "");
            case NamespaceKind.Path:
                return ([], config.Network.Target!);
            case NamespaceKind.Container:
                return parts.Containers.Find(config.Network.Target!) is { } peer ? NetworkOf(peer) : ([], "");
        }
        var run = record.Run ?? new ContainerRun();
        // One that doesn't run has its networks, too, without addresses.
        var others = config.Networks.Select(network => network.Network).Except(run.NetworkStatus.Select(status => status.Network));
        return (run.NetworkStatus.Concat(others.Select(name => new NetworkStatus { Network = name })).ToArray(), run.NetnsPath);
    }

    private static IReadOnlyList<string> Ranges(IReadOnlyList<IdMapping> map) =>
        [.. map.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.Inside}:{range.Outside}:{range.Count}"))];

    private static NetworkStatus Plain(string mode) => new() { Network = mode, NetworkId = mode };

    private static string Existing(string path) => File.Exists(path) ? path : "";
}
