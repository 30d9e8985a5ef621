using System.Diagnostics;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Takes containers' processes down to files, by CRIU, through the OCI runtime.</summary>
/// <remarks>A dump is never ended halfway: CRIU has its own code in the processes meanwhile. Should this process be killed, the runtime goes on; it holds the
/// checkpoint's lock, so that whoever finds the intent waits for it and then looks at what has become of the container.</remarks>
internal sealed class ContainerCheckpointer(EngineParts parts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Checkpoints a running container; it has ended then, unless it is to run on.</summary>
    /// <exception cref="ContainerEngineException">Unsupported, MissingComponent: this host can't. InvalidState: this container can't now. Runtime
    /// (CheckpointFailed): CRIU can't; it runs on.</exception>
    public ContainerCheckpoint Checkpoint(string nameOrId, ContainerCheckpointRequest request, CancellationToken cancellationToken)
    {
        if (request is { Pre: true, WithPrevious: true })
            throw EngineErrors.InvalidArgument("--with-previous can not be used with --pre-checkpoint", null, "the first round has nothing before it: leave one of them out");
        CriuGround.Check(parts);
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            var files = FilesOf(record);
            Check(record, request, files);
            cancellationToken.ThrowIfCancellationRequested();
            return Dump(record, request, files);
        }
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
            return record.Intent == Intent.Checkpoint && files.IsComplete ? Finish(record, files) : parts.Takedown.Finish(record);
        }
    }

    /// <summary>The files of a container's checkpoint.</summary>
    public CheckpointFiles FilesOf(ContainerRecord record) => new(parts.Storage.StaticDirectory(record.Id));

    private static void Check(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files)
    {
        if (record.State != ContainerState.Running)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be checkpointed: it is {record.State.ToString().ToLowerInvariant()}, not running",
                record.State == ContainerState.Paused ? "resume it first" : "start it first");
        if (record.Config.IsInfra())
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} holds a pod's namespaces and can't be checkpointed", "checkpoint the pod's other containers");
        if (record.Config.Spec.AutoRemove && !request.LeaveRunning && !request.Pre)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be checkpointed: it is removed when it stops (--rm), and its checkpoint with it",
                "let it run on (--leave-running, -LeaveRunning)");
        if (request.WithPrevious && !files.HasPrevious)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} has no first round that its checkpoint could go on from", "make one with --pre-checkpoint (-Pre) first");
    }

    private ContainerCheckpoint Dump(ContainerRecord record, ContainerCheckpointRequest request, CheckpointFiles files)
    {
        var runsOn = request.LeaveRunning || request.Pre;
        record = parts.Containers.Commit(record with { Intent = runsOn ? Intent.Dump : Intent.Checkpoint }, "checkpoint-begin");
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var dumping = Lock(files, CancellationToken.None);
            var images = files.Prepare(request.Pre);
            StepPoints.Reach("container.checkpoint.prepared");
            FormerAddresses.Write(files.NetworkStatus, record.Run!.NetworkStatus);
            parts.RuntimeOf(record.Config).Checkpoint(record.Id, Options(request, files, images), dumping.Handle);
        }
        catch (Exception e)
        {
            throw Failed(record, request, files, e);
        }
        var duration = Stopwatch.GetElapsedTime(started);
        StepPoints.Reach("container.checkpoint.runtime");
        if (runsOn && !request.Pre)
            SaveSharedMemory(record, files);
        var current = runsOn ? parts.Containers.Commit(record with { Intent = null }, "checkpoint", "checkpoint") : Finish(record, files);
        var checkpoint = Describe(record, request, files, duration);
        if (!request.Keep)
            files.RemoveTraces();
        return checkpoint with { IsRunning = current is { State: ContainerState.Running } };
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
        var error = CriuErrors.Make((record.Id, record.Name), isRestore: false, record.Config.RuntimePath, failure, files.DumpLog);
        if (ProcessTable.IsAlive(record.Pid, record.PidStart))
            RunOn(record, files);
        files.RemoveIncomplete(request.Pre);
        return error;
    }

    // A CRIU that was killed leaves the freezer as it was.
    private ContainerRecord RunOn(ContainerRecord record, CheckpointFiles files)
    {
        files.RemoveIncomplete(pre: false);
        files.RemoveIncomplete(pre: true);
        return parts.Freezer.LetGo(record);
    }

    private ContainerRecord? Finish(ContainerRecord record, CheckpointFiles files)
    {
        SaveSharedMemory(record, files);
        StepPoints.Reach("container.checkpoint.memory");
        return parts.Takedown.FinishCheckpoint(record);
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
