using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Makes images of containers: the container's own layer, read once, becomes a layer on top of those of its image.</summary>
internal sealed class ContainerCommitter(EngineParts parts)
{
    /// <summary>Makes an image of a container, in whatever state it is. Its lock is held, so that nobody starts, ends or removes it meanwhile.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, also for a comment in OCI's form; Unsupported for a container without an image.</exception>
    public ContainerImage Commit(string nameOrId, ContainerCommitRequest request, CancellationToken cancellationToken)
    {
        if (request.Message.Length > 0 && request.Format != ImageFormat.Docker)
            throw EngineErrors.InvalidArgument("messages are only compatible with the docker image format (-f docker)", request.Message, "choose the form docker, or leave the message out");
        var names = request.Reference is { Length: > 0 } name ? [ImageService.NewName(name)] : Array.Empty<string>();
        var over = ConfigOverrides.Read(request.Configuration, request.Changes);
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.Config.Spec.RootFs is not null)
                throw EngineErrors.Unsupported("cannot commit a container that uses an exploded rootfs", record.Id, "export it, and import that as an image");
            var stored = parts.Storage.FindContainer(record.Id) ?? throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
            var image = parts.Storage.FindImage(record.Config.ImageId) ?? throw EngineErrors.ImageNotFound(record.Config.ImageId);
            var file = parts.Images.ReadConfig(image);
            var chain = parts.Storage.GetLayerChain(stored.LayerId);
            file.CheckLayers(chain.Count - 1, $"the image {image.Id[..12]}");
            using var staging = parts.Storage.BeginLayer();
            Read(record, chain, staging, request, cancellationToken);
            StepPoints.Reach("container.commit.read");
            var section = Section(record.Config, file.Config ?? new(), request.IncludeVolumes);
            IReadOnlyList<(string, long)> lower = request.Squash ? [] : LayerSizes.Of(parts.Storage, chain.Skip(1), file.DiffIds);
            var parent = request.Squash || chain.Count < 2 ? null : chain[1].Id;
            var committed = new CommittedImage
            {
                Base = file,
                BaseName = record.Config.ImageName,
                BaseId = image.Id,
                ContainerId = record.Id,
                ContainerSection = section,
                Section = ConfigOverrides.Apply(section, over),
                Request = request,
                Layers = [.. lower, (staging.Result.DiffId, staging.Result.DiffSize)],
                Created = DateTimeOffset.UtcNow,
            };
            cancellationToken.ThrowIfCancellationRequested();
            var made = parts.Storage.CommitImage([(staging, new LayerCommit { ParentId = parent })],
                committed.ToCommit(ContainerStorage.ComputeLayerId(parent, staging.Result.DiffId), names));
            parts.Containers.Log(record, "commit", null);
            return parts.Images.ToModel(made);
        }
    }

    private void Read(ContainerRecord record, IReadOnlyList<StoredLayer> chain, LayerStaging staging, ContainerCommitRequest request, CancellationToken cancellationToken)
    {
        var isHeld = request.Pause && record.State == ContainerState.Running;
        if (isHeld)
            record = parts.Freezer.Hold(record);
        try
        {
            using var upper = Files.Open(chain[0].DirectoryPath + "/diff", OpenFlags.Directory);
            using var root = request.Squash ? OpenRoot(record.Id) : null;
            var rules = new LayerRules(LayerChanges.OpaqueAttribute(parts.StorageConfiguration.Rootless), Stubs(record.Config.Spec, upper));
            TreeCapture.Run(staging, (tar, stop) =>
            {
                var writer = new TarWriter(tar);
                new TreeArchiver(writer, stop, rules) { UserMap = record.Config.UserIdMap, GroupMap = record.Config.GroupIdMap }.AddContent(root?.Handle ?? upper, []);
                writer.Finish();
            }, cancellationToken);
        }
        finally
        {
            if (isHeld)
                parts.Freezer.LetGo(record);
        }
    }

    private MountedDirectory OpenRoot(string id) => parts.Storage.TryOpenMounted(id) is { } mounted ? new(mounted, null)
        : parts.Storage.OpenPrivately(id, below: null, readOnly: true);

    // What the runtime made to mount files on: empty, and closed to all but root. What is mounted there is no part of the image either.
    private static HashSet<string> Stubs(ContainerSpec spec, SafeFileHandle upper)
    {
        var stubs = new HashSet<string>(StringComparer.Ordinal) { "run/.containerenv" };
        if (!spec.NoHostName)
            stubs.Add("etc/hostname");
        if (!spec.NoHosts)
            stubs.Add("etc/hosts");
        if (spec.DnsServers is not ["none"])
            stubs.Add("etc/resolv.conf");
        stubs.RemoveWhere(path => !IsEmptyFile(upper, path));
        return stubs;
    }

    private static bool IsEmptyFile(SafeFileHandle directory, string path)
    {
        if (Files.TryOpenConfined(directory, path, OpenFlags.Path | OpenFlags.NoFollow, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks, 0, out var file) != Errno.None)
            return false;
        using (file)
            return Files.Status(file!) is { IsRegular: true, Size: 0 };
    }

    /// <summary>What the container was started with, as the image's configuration says it.</summary>
    private ImageConfigSection Section(ContainerConfig config, ImageConfigSection image, bool includeVolumes)
    {
        var process = parts.Specs.Preview(config);
        var ports = config.Ports.SelectMany(port => Enumerable.Range(port.ContainerPort, port.Range).Select(number => $"{number}/{port.Protocol}"));
        // The image's own are volumes anyway.
        var volumes = config.Mounts.Where(mount => includeVolumes || VolumeStore.IsAnonymous(mount)).Select(mount => mount.Target);
        return image with
        {
            User = process.User.Length > 0 ? process.User : null,
            Env = Variables(config, process),
            Entrypoint = process.EntryPoint.Count > 0 ? process.EntryPoint : null,
            Cmd = process.Command.Count > 0 ? process.Command : null,
            WorkingDir = process.WorkingDirectory,
            ExposedPorts = ConfigOverrides.Names(image.ExposedPorts, [.. config.ExposedPorts, .. ports]),
            Volumes = ConfigOverrides.Names(image.Volumes, [.. volumes]),
            Labels = config.Labels.Count > 0 ? new(config.Labels) : null,
        };
    }

    // The image's and the container's own. What an engine adds to any container it adds to the next one, too; its host name is that one's, and a
    // proxy's password nobody's.
    private static IReadOnlyList<string>? Variables(ContainerConfig config, ContainerProcessConfig process)
    {
        var own = config.ImageConfig.Environment.Select(variable => variable.Split('=')[0]).Concat(config.Spec.Environment.Keys)
            .Concat(config.Spec.EnvironmentMerge.Keys).Append("PATH").ToHashSet(StringComparer.Ordinal);
        var variables = process.Environment.Where(variable => own.Contains(variable.Split('=')[0])).ToList();
        return variables.Count > 0 ? variables : null;
    }
}
