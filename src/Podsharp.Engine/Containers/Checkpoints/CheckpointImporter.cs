using Podsharp.Engine.Copying;
using Podsharp.Engine.Native;
using Podsharp.Engine.Pods;
using Podsharp.Engine.State;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Makes containers of checkpoints' archives and images, with all that they had, and restores them. From the creation on it is a container with a
/// checkpoint like any other: killed before its restore, it is one that can be restored; where its restore fails, it goes.</summary>
internal sealed class CheckpointImporter(EngineParts parts)
{
    /// <summary>Restores a container; where there is none of the name, from an image of a checkpoint.</summary>
    /// <exception cref="ContainerEngineException">NotFound; what a restore raises.</exception>
    public ContainerRestoration RestoreNamed(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        if (TryResolve(nameOrId) is not { } missing)
            return RestoreLocal(nameOrId, request, cancellationToken);
        if (parts.Images.Find(nameOrId)?.Image is not { } image)
            throw missing;
        if (!parts.CheckpointImages.Is(image))
            throw EngineErrors.InvalidArgument($"image {nameOrId} is no checkpoint's", nameOrId, "name a container, or an image that container checkpoint --create-image has made");
        CheckImport(request);
        using var unpacked = parts.CheckpointImages.Unpack(image, previous: null, cancellationToken);
        return Restore(unpacked, request, cancellationToken);
    }

    /// <summary>Makes a container of an archive, and restores it.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt: the archive; NameInUse; NotFound: its image, network or secrets; what a restore raises.</exception>
    public ContainerRestoration Restore(Stream archive, Stream? previous, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        CheckImport(request);
        using var unpacked = UnpackedCheckpoint.Unpack(parts.Storage.BeginFiles(), archive, previous, cancellationToken);
        return Restore(unpacked, request, cancellationToken);
    }

    private ContainerEngineException? TryResolve(string nameOrId)
    {
        try
        {
            _ = parts.Containers.Resolve(nameOrId);
            return null;
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
        {
            return error;
        }
    }

    private ContainerRestoration RestoreLocal(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        var option = request.Name is not null ? "name" : request.Pod is not null ? "pod" : request.Ports is not null ? "publish"
            : request.IgnoreRootFs ? "ignore-rootfs" : request.IgnoreVolumes ? "ignore-volumes" : null;
        if (option is not null)
            throw EngineErrors.InvalidArgument($"--{option} can only be used with image or --import", option, "leave it out, or restore from an archive or an image");
        return parts.Restorer.Restore(nameOrId, request, cancellationToken);
    }

    private void CheckImport(ContainerRestoreRequest request)
    {
        // The other ends know the address that it had.
        if (request is { Name: not null, TcpEstablished: true })
            throw EngineErrors.InvalidArgument("--tcp-established cannot be used with --name", request.Name, "leave one of them out");
        if (request.Name is not null)
            ContainerNames.Validate(request.Name);
        CriuGround.Check(parts);
    }

    private ContainerRestoration Restore(UnpackedCheckpoint unpacked, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        var definition = unpacked.Definition;
        if (definition.PodId.Length > 0 && request.Pod is null)
            throw EngineErrors.InvalidArgument("cannot restore pod container without --pod", definition.Name, "name the pod to restore it in (--pod, -Pod)");
        if (definition.PodId.Length == 0 && request.Pod is not null)
            throw EngineErrors.InvalidArgument("cannot restore non pod container into pod", request.Pod, "leave the pod out");
        // Those of the container, not whatever the archive has: they are all made anew with it, and go with it if it can't be restored.
        var volumes = request.IgnoreVolumes || !unpacked.Volumes.Any() ? [] : definition.Volumes.Select(mount => mount.Source).Distinct(StringComparer.Ordinal).ToList();
        if (request.Pod is not null)
            CheckPod(unpacked.Shared, request.Pod);
        var (spec, warnings) = Plan(definition, request, cancellationToken);
        string? id = null;
        try
        {
            var made = parts.Creator.Import(new() { Id = request.Name is null ? definition.Id : null, Spec = spec, BringsVolumes = volumes.Count > 0 }, record => Fill(unpacked, record, request, cancellationToken), cancellationToken);
            id = made.Container.Id;
            StepPoints.Reach("container.import.made");
            // With another name it is another one: its addresses, too.
            var restoration = parts.Restorer.Restore(id, request with { IgnoreStaticIp = request.IgnoreStaticIp || request.Name is not null,
                IgnoreStaticMac = request.IgnoreStaticMac || request.Name is not null }, cancellationToken);
            return restoration with { Warnings = [.. warnings, .. made.Warnings] };
        }
        catch
        {
            Undo(id, volumes);
            throw;
        }
    }

    private (ContainerSpec Spec, IReadOnlyList<string> Warnings) Plan(CheckpointDefinition definition, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        var image = definition.ImageId.Length == 0 ? null : FindImage(definition, cancellationToken);
        var networks = parts.Networks.Store.List().Where(network => network.IsOwn).Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        var (spec, warnings) = definition.Plan(image is null ? new() : parts.Images.ReadConfig(parts.Images.Get(image).Image).ToModel(), parts.Conf, networks);
        return (spec with
        {
            Name = request.Name ?? definition.Name,
            Image = image ?? "",
            Pod = request.Pod,
            Ports = request.Ports ?? spec.Ports,
            CheckPorts = true,
        }, warnings);
    }

    // CRIU has saved those that are its own, and no others.
    private void CheckPod(IReadOnlySet<string> shared, string nameOrId)
    {
        var pod = (parts.Pods.Find(parts.Pods.Resolve(nameOrId)) ?? throw EngineErrors.PodNotFound(nameOrId)).Config;
        if (shared.FirstOrDefault(name => PodMembership.Shareable.Contains(name) && !pod.Spec.Share.Contains(name)) is { } lacking)
            throw EngineErrors.InvalidArgument($"pod {pod.Name} does not share the {lacking} namespace, which the container shared with its pod", pod.Name,
                $"make a pod that does: --share {string.Join(',', shared.Order(StringComparer.Ordinal))}");
    }

    // By its id: processes go on in the files that they had open.
    private string FindImage(CheckpointDefinition definition, CancellationToken cancellationToken)
    {
        if (parts.Images.Find(definition.ImageId) is null && definition.ImageName.Length > 0)
            PullAsync(definition.ImageName, cancellationToken).GetAwaiter().GetResult();
        if (parts.Images.Find(definition.ImageId) is null)
            throw new ContainerEngineException(ErrorKind.NotFound, "ImageNotFound",
                $"the checkpoint is of a container of image {definition.ImageName} with the id {Short(definition.ImageId)}, which is not here", definition.ImageName,
                "bring exactly that image here: image save and load (Save-, Import-ContainerImage), or push and pull by its digest");
        return parts.Images.Find(definition.ImageName)?.Image.Id == definition.ImageId ? definition.ImageName : definition.ImageId;
    }

    private async Task PullAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var progress in parts.Images.PullAsync(new() { Reference = name, Policy = PullPolicy.Missing }, cancellationToken))
                _ = progress;
        }
        catch (ContainerEngineException error)
        {
            throw new ContainerEngineException(error.Kind, error.ErrorId, $"the checkpoint's image {name} is not here, and can't be fetched: {error.Message}", name,
                "bring it here: image save and load (Save-, Import-ContainerImage)", error);
        }
    }

    /// <summary>Gives a container that is being made what the archive has.</summary>
    private void Fill(UnpackedCheckpoint unpacked, ContainerRecord record, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        if (!request.IgnoreRootFs && record.Config.Spec.RootFs is null)
        {
            using var root = parts.Storage.OpenPrivately(record.Id, below: null, readOnly: false);
            RootChanges.Apply(root.Handle, unpacked.Find(CheckpointMembers.RootChanges),
                unpacked.Find(CheckpointMembers.DeletedFiles) is { } deleted ? Files.TryReadAll(deleted) : null, cancellationToken);
        }
        StepPoints.Reach("container.import.root");
        if (!request.IgnoreVolumes)
            FillVolumes(unpacked, record, cancellationToken);
        StepPoints.Reach("container.import.volumes");
        var directory = parts.Storage.StaticDirectory(record.Id);
        foreach (var name in (string[])[CheckpointMembers.SharedMemory, CheckpointMembers.NetworkStatus, CheckpointMembers.PreImages, CheckpointMembers.Images])
            Move(unpacked.Find(name), Path.Combine(directory, name));
        if (record.Config.LogPath.Length > 0)
            Move(unpacked.Find(CheckpointMembers.Log), record.Config.LogPath);
    }

    private static void Move(string? source, string target)
    {
        if (source is not null)
            LinuxError.Check(Files.TryRename(source, target), "move", target);
    }

    private void FillVolumes(UnpackedCheckpoint unpacked, ContainerRecord record, CancellationToken cancellationToken)
    {
        var used = record.Config.Mounts.Where(mount => mount.Type == MountType.Volume).Select(mount => mount.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var name in unpacked.Volumes.Where(used.Contains))
        {
            using var directory = Files.Open(parts.VolumeMounts.Acquire(name, VolumeMounts.People, cancellationToken), OpenFlags.Directory);
            try
            {
                using var extractor = new TreeExtractor(directory, [], new ExtractOptions { Overwrite = true });
                using var source = File.OpenRead(unpacked.Find($"{CheckpointMembers.Volumes}/{name}.tar")!);
                ArchiveInput.RunAsync(source, extractor.Extract, cancellationToken).GetAwaiter().GetResult();
            }
            finally
            {
                parts.VolumeMounts.Release(name, VolumeMounts.People, CancellationToken.None);
            }
        }
    }

    private void Undo(string? id, List<string> volumes)
    {
        // A creation that fails is undone where it is made.
        if (id is null)
            return;
        try
        {
            parts.Remover.Remove(id, new RemoveOptions { Force = true, Ignore = true, Volumes = true }, CancellationToken.None);
            foreach (var name in volumes.Where(name => parts.Volumes.Find(name) is not null && parts.Volumes.UsersOf(name).Count == 0))
                parts.Volumes.Remove(name);
        }
        catch (ContainerEngineException)
        {
            // The first error is the one to tell; what is left is a container that can be removed.
        }
    }

    private static string Short(string id) => id[..Math.Min(12, id.Length)];
}
