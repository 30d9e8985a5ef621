using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Containers.Logs;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Podman;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Engine.Volumes;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Writes a checkpoint with all that its container has into an archive, in podman's form (docs/design.md): one stream, no file of its own.</summary>
internal sealed class CheckpointExporter(EngineParts parts)
{
    private const int BlocksInFlight = 8;

    /// <summary>Checks whether a container can be made anew elsewhere.</summary>
    /// <exception cref="ContainerEngineException">InvalidState: it needs other containers.</exception>
    internal static void Check(ContainerRecord record)
    {
        if (record.Config.Spec.Requires.Count > 0)
            throw EngineErrors.InvalidState(record.Id, $"the checkpoint of container {record.Name} can't be exported: it requires other containers",
                "checkpoint it without an export, or put the containers into a pod");
    }

    /// <summary>Writes the archive. The container is checkpointed, and mounted still.</summary>
    internal void Export(ContainerRecord record, ContainerCheckpointRequest request, Stream archive, CancellationToken cancellationToken)
    {
        var compression = request.Compression switch
        {
            CheckpointCompression.None => LayerCompression.None,
            CheckpointCompression.Gzip => LayerCompression.Gzip,
            _ => LayerCompression.Zstd,
        };
        ExportAsync(record, request, compression, archive, cancellationToken).GetAwaiter().GetResult();
    }

    private async Task ExportAsync(ContainerRecord record, ContainerCheckpointRequest request, LayerCompression compression, Stream archive, CancellationToken cancellationToken)
    {
        using var steps = new StepGroup(cancellationToken);
        using var pipe = new BlockPipe(BlocksInFlight, steps.Stopped);
        steps.StartThread(() =>
        {
            Write(record, request, new BlockPipeWriter(pipe), steps.Stopped);
            pipe.Complete();
        });
        steps.Start(() => LayerPacker.RunAsync(() => new BlockPipeStream(pipe), ContentDigest.Of([]), _ => { }, compression, null, archive.WriteAsync, steps.Stopped));
        await steps.WaitAsync();
        await archive.FlushAsync(cancellationToken);
    }

    /// <summary>Writes the plain tar.</summary>
    internal void Write(ContainerRecord record, ContainerCheckpointRequest request, Stream target, CancellationToken cancellationToken)
    {
        var files = parts.Checkpointer.FilesOf(record);
        var writer = new CheckpointWriter(target, cancellationToken);
        writer.AddDirectory(CheckpointMembers.Artifacts);
        writer.AddFile(CheckpointMembers.SharedMemory, files.SharedMemory);
        var specification = parts.Bundles.Specification(record.Id);
        var podman = PodmanHost.Of(parts);
        writer.Add(CheckpointMembers.Configuration, CheckpointDefinition.Write(record, specification, podman));
        writer.Add(CheckpointMembers.Specification, CheckpointDefinition.WriteSpec(record, specification, podman));
        writer.AddFile(CheckpointMembers.NetworkStatus, files.NetworkStatus);
        writer.AddFile(CheckpointMembers.Statistics, files.DumpStatistics);
        if (LogSettings.HasFile(record.Config.LogDriver))
            writer.AddFile(CheckpointMembers.Log, record.Config.LogPath);
        writer.AddImages(request.Pre ? CheckpointMembers.PreImages : CheckpointMembers.Images, request.Pre ? files.PreImages : files.Images);
        if (!request.IgnoreRootFs && record.Config.Spec.RootFs is null)
            AddRootChanges(record, files, writer, cancellationToken);
        if (!request.IgnoreVolumes)
            AddVolumes(record, files, writer, cancellationToken);
        writer.Finish();
    }

    private void AddRootChanges(ContainerRecord record, CheckpointFiles files, CheckpointWriter writer, CancellationToken cancellationToken)
    {
        var stored = parts.Storage.FindContainer(record.Id) ?? throw EngineErrors.ContainerStorageLost(record.Id, record.Name);
        var changes = new RootChanges(parts.Storage.GetLayerChain(stored.LayerId), parts.Changes.OfContainer(record.Id, cancellationToken));
        if (changes.HasFiles)
            writer.AddWritten(CheckpointMembers.RootChanges, files.Scratch, target => changes.WriteFiles(target, cancellationToken));
        if (changes.Deleted() is { } deleted)
            writer.Add(CheckpointMembers.DeletedFiles, deleted);
    }

    private void AddVolumes(ContainerRecord record, CheckpointFiles files, CheckpointWriter writer, CancellationToken cancellationToken)
    {
        foreach (var name in record.Config.Mounts.Where(mount => mount.Type == MountType.Volume).Select(mount => mount.Source).Distinct(StringComparer.Ordinal))
        {
            using var content = Files.Open(parts.VolumeMounts.Acquire(name, VolumeMounts.People, cancellationToken), OpenFlags.Directory);
            try
            {
                writer.AddWritten($"{CheckpointMembers.Volumes}/{name}.tar", files.Scratch, target => WriteTree(content, target, cancellationToken));
            }
            finally
            {
                parts.VolumeMounts.Release(name, VolumeMounts.People, CancellationToken.None);
            }
        }
    }

    // With the directory itself: its owner is what the container's user needs to write there.
    private static void WriteTree(SafeFileHandle directory, Stream target, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        new TreeArchiver(tar, cancellationToken).AddOpened(directory, "."u8.ToArray());
        tar.Finish();
    }
}
