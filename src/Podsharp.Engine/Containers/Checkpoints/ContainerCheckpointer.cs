using System.Diagnostics;
using System.Runtime.InteropServices;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Takes containers' processes down to files, by CRIU, through the OCI runtime.</summary>
/// <remarks>A dump is never ended halfway: CRIU has its own code in the processes meanwhile. Should this process be killed, the runtime goes on; it holds the
/// checkpoint's lock, so that whoever finds the intent waits for it and then looks at what has become of the container.</remarks>
internal sealed class ContainerCheckpointer(EngineParts parts)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Checkpoints a running container; it has ended then, unless it is to run on.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="request">How.</param>
    /// <param name="archive">Where the archive is written to; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it before anything is frozen, and the writing of archive and image.</param>
    /// <exception cref="ContainerEngineException">Unsupported, MissingComponent: this host can't. InvalidState: this container can't now. Runtime
    /// (CheckpointFailed): CRIU can't; it runs on. CheckpointExportFailed: there is a checkpoint, but no whole archive or image.</exception>
    public ContainerCheckpoint Checkpoint(string nameOrId, ContainerCheckpointRequest request, Stream? archive, CancellationToken cancellationToken)
    {
        var exports = archive is not null || request.Image is not null;
        if (!exports && (request.IgnoreRootFs || request.IgnoreVolumes))
            throw EngineErrors.InvalidArgument($"{(request.IgnoreRootFs ? "--ignore-rootfs" : "--ignore-volumes")} can only be used with --export", null, "give the archive, or leave it out");
        if (request is { Pre: true, Image: not null })
            throw EngineErrors.InvalidArgument("--create-image can't be used with --pre-checkpoint", request.Image, "write the first round to an archive (--export)");
        var image = request.Image is null ? null : ImageService.NewName(request.Image);
        if (request is { Pre: true, WithPrevious: true })
            throw EngineErrors.InvalidArgument("--with-previous can not be used with --pre-checkpoint", null, "the first round has nothing before it: leave one of them out");
        CriuGround.Check(parts);
        ClearUnseenGroups();
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            var files = FilesOf(record);
            Check(record, request, files, exports);
            CriuGround.Check(parts, record.Config.RuntimePath, twoRounds: request.Pre || request.WithPrevious);
            ContainerGround.Check(parts, record);
            cancellationToken.ThrowIfCancellationRequested();
            return Dump(record, request, files, archive, image, cancellationToken);
        }
    }

    // Here and not after each restore: to move processes takes the kernel longer than all else that a restore does itself.
    private void ClearUnseenGroups()
    {
        foreach (var restored in UnseenHierarchy.IsThere(parts.Host.Cgroups) ? parts.Containers.Restored() : [])
            UnseenHierarchy.Clear(parts.Host.Cgroups, restored.Config.CgroupPath);
    }

    /// <summary>What became of a dump whose process was killed; the container's lock is held.</summary>
    public ContainerRecord? Settle(ContainerRecord record)
    {
        var files = FilesOf(record);
        using var limit = new CancellationTokenSource(Patience);
        using (Lock(files, limit.Token))
        {
            if (ProcessTable.IsAlive(record.Pid, record.PidStart))
                return RunOn(record, files);
            if (record.Intent != Intent.Checkpoint || !files.IsComplete)
                return parts.Takedown.Finish(record);
            SaveSharedMemory(record, files);
            return parts.Takedown.FinishCheckpoint(record);
        }
    }

    /// <summary>The files of a container's checkpoint.</summary>
    public CheckpointFiles FilesOf(ContainerRecord record) => new(parts.Storage.StaticDirectory(record.Id));

    private static void Check(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files, bool exports)
    {
        if (record.State != ContainerState.Running)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be checkpointed: it is {record.State.ToString().ToLowerInvariant()}, not running",
                record.State == ContainerState.Paused ? "resume it first" : "start it first");
        if (record.Config.IsInfra())
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} holds a pod's namespaces and can't be checkpointed", "checkpoint the pod's other containers");
        if (record.Config.Spec.AutoRemove && !request.LeaveRunning && !request.Pre && !exports)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be checkpointed: it is removed when it stops (--rm), and its checkpoint with it",
                "export the checkpoint (--export, -Path), or let it run on (--leave-running, -LeaveRunning)");
        if (exports)
            CheckpointExporter.Check(record);
        if (request.WithPrevious && !files.HasPrevious)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} has no first round that its checkpoint could go on from", "make one with --pre-checkpoint (-Pre) first");
    }

    private ContainerCheckpoint Dump(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files, Stream? archive, string? image, CancellationToken cancellationToken)
    {
        var runsOn = request.LeaveRunning || request.Pre;
        record = parts.Containers.Commit(record with { Intent = runsOn ? Intent.Dump : Intent.Checkpoint }, "checkpoint-begin");
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var dumping = Lock(files, CancellationToken.None);
            DumpProcesses(record, request, files, dumping.Handle);
        }
        catch (Exception e)
        {
            throw Failed(record, request, files, e);
        }
        var duration = Stopwatch.GetElapsedTime(started);
        StepPoints.Reach("container.checkpoint.runtime");
        if (!request.Pre)
            SaveSharedMemory(record, files);
        StepPoints.Reach("container.checkpoint.memory");
        var checkpoint = Describe(record, request, files, duration);
        var failure = TryExport(record, request, archive, image, cancellationToken, out var imageId);
        var current = runsOn ? parts.Containers.Commit(record with { Intent = null }, "checkpoint", "checkpoint") : parts.Takedown.FinishCheckpoint(record);
        if (!request.Keep)
            files.RemoveTraces();
        if (failure is not null)
            throw ExportFailed(record, request, failure);
        if (!runsOn && current is { Config.Spec.AutoRemove: true })
            parts.Takedown.RemoveAtEnd(current);
        return checkpoint with { IsRunning = current is { State: ContainerState.Running }, ImageId = imageId };
    }

    // Whatever becomes of it, the container has its checkpoint.
    private Exception? TryExport(ContainerRecord record, ContainerCheckpointRequest request, Stream? archive, string? image, CancellationToken cancellationToken, out string imageId)
    {
        imageId = "";
        try
        {
            if (archive is not null)
                parts.CheckpointExporter.Export(record, request, archive, cancellationToken);
            if (image is not null)
                imageId = parts.CheckpointImages.Create(record, request, image, cancellationToken).Id;
            StepPoints.Reach("container.checkpoint.exported");
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static Exception ExportFailed(ContainerRecord record, ContainerCheckpointRequest request, Exception failure) => failure is OperationCanceledException ? failure
        : new ContainerEngineException((failure as ContainerEngineException)?.Kind ?? ErrorKind.Internal, "CheckpointExportFailed",
            $"the checkpoint of container {record.Name} could not be {(request.Image is null ? "exported" : "made an image")}: {failure.Message}", record.Id,
            request.Pre || request.LeaveRunning ? "the container runs on: make room or name another place, and checkpoint it again" : $"its checkpoint is whole: container restore {record.Name} (Restore-Container) goes on with it", failure);

    private void DumpProcesses(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files, SafeHandle dumping)
    {
        for (var attempt = 1; ; attempt++)
        {
            var images = files.Prepare(request.Pre);
            StepPoints.Reach("container.checkpoint.prepared");
            FormerAddresses.Write(files.NetworkStatus, record.Run!.NetworkStatus);
            if (request is { LeaveRunning: false, Pre: false })
                parts.Freezer.Anticipate(record);
            StepPoints.Reach("container.checkpoint.frozen");
            try
            {
                using var writeback = EarlyWriteback.Of(images);
                parts.RuntimeOf(record.Config).Checkpoint(record.Id, Options(request, files, images), dumping);
                return;
            }
            catch (ContainerEngineException) when (attempt < Attempts && CriuErrors.IsOfTheMoment(files.DumpLog) && ProcessTable.IsAlive(record.Pid, record.PidStart))
            {
                parts.Freezer.Relent(record);
            }
        }
    }

    private static List<string> Options(ContainerCheckpointRequest request, CheckpointFiles files, string images)
    {
        List<string> options = ["--image-path", images, "--work-path", files.WorkDirectory];
        if (request.LeaveRunning && !request.Pre)
            options.Add("--leave-running");
        if (request.TcpEstablished)
            options.Add("--tcp-established");
        if (request.FileLocks)
            options.Add("--file-locks");
        if (request.Pre)
            options.Add("--pre-dump");
        if (request.WithPrevious)
            options.AddRange(["--parent-path", "../pre-checkpoint"]);
        return options;
    }

    private static ContainerCheckpoint Describe(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files, TimeSpan duration) => new()
    {
        ContainerId = record.Id,
        Name = record.Name,
        IsPre = request.Pre,
        Created = DateTimeOffset.UtcNow,
        Path = request.Pre ? files.PreImages : files.Images,
        Size = files.Size(request.Pre),
        Duration = duration,
        Statistics = CriuStatistics.ReadDump(files.DumpStatistics),
    };

    // The container runs on; if it has ended meanwhile, that is seen by the next look.
    private ContainerEngineException Failed(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files, Exception failure)
    {
        if (ProcessTable.IsAlive(record.Pid, record.PidStart))
            RunOn(record, files);
        files.RemoveIncomplete(request.Pre);
        return CriuErrors.Make((record.Id, record.Name), isRestore: false, record.Config.RuntimePath, failure, files.DumpLog, () => CriuGround.Lacks(parts));
    }

    // A CRIU that was killed leaves the freezer as it was.
    private ContainerRecord RunOn(ContainerRecord record, CheckpointFiles files)
    {
        files.RemoveIncomplete(pre: false);
        files.RemoveIncomplete(pre: true);
        return parts.Freezer.LetGo(record);
    }

    private void SaveSharedMemory(ContainerRecord record, CheckpointFiles files)
    {
        _ = Files.TryRemove(files.SharedMemory);
        if (parts.Bundles.OwnSharedMemory(record.Id) is { } directory)
            SharedMemoryArchive.Save(directory, files.SharedMemory);
    }

    private static FileLock Lock(CheckpointFiles files, CancellationToken cancellationToken)
    {
        try
        {
            return FileLock.Acquire(files.Lock, LockMode.Exclusive, cancellationToken, fileMode: 0x180 /* 0600 */);
        }
        catch (OperationCanceledException e)
        {
            throw new ContainerEngineException(ErrorKind.Timeout, "CheckpointTimeout", "a checkpoint of the container is still being made", files.WorkDirectory, "wait for its end", e);
        }
    }
}
