using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Brings containers back from their checkpoints: a set-up as for a start, with processes that go on where they were.</summary>
internal sealed class ContainerRestorer(EngineParts parts)
{
    /// <summary>Restores a container that was checkpointed. On failure nothing of the run is left, and the checkpoint is as it was.</summary>
    /// <exception cref="ContainerEngineException">InvalidState: it runs, or has no checkpoint. Runtime (RestoreFailed): CRIU can't. Unsupported,
    /// MissingComponent: this host can't.</exception>
    public ContainerRestoration Restore(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken)
    {
        if (request is { TcpEstablished: true, TcpClose: true })
            throw EngineErrors.InvalidArgument("--tcp-established and --tcp-close exclude each other", null, "give one of them");
        CriuGround.Check(parts);
        var (held, record) = parts.Starter.AcquireWithPod(nameOrId, cancellationToken);
        using (held)
        {
            var files = parts.Checkpointer.FilesOf(record);
            Check(record, files);
            CriuGround.Check(parts, record.Config.RuntimePath, twoRounds: false);
            var runDirectory = parts.Storage.RunDirectory(record.Id);
            var (log, statistics) = (LogOf(runDirectory), Path.Combine(runDirectory, "stats-restore"));
            Forget(log, statistics);
            var run = new RestoreRun(files, request);
            record = Restore(record, run, log, cancellationToken);
            var restoration = new ContainerRestoration
            {
                Container = parts.Lister.ToModel(record, lost: false),
                Duration = run.Duration,
                Statistics = CriuStatistics.ReadRestore(statistics),
            };
            if (!request.Keep)
            {
                files.Remove(parts.Discarder.Discard);
                Forget(log, statistics);
            }
            return restoration;
        }
    }

    /// <summary>What CRIU writes while it restores.</summary>
    public static string LogOf(string runDirectory) => Path.Combine(runDirectory, "restore.log");

    private ContainerRecord Restore(ContainerRecord record, RestoreRun run, string log, CancellationToken cancellationToken)
    {
        try
        {
            return parts.Starter.Restore(record, run, cancellationToken);
        }
        catch (ContainerEngineException e) when (e.Kind is ErrorKind.Runtime or ErrorKind.CommandNotFound or ErrorKind.CommandNotExecutable)
        {
            throw CriuErrors.Make((record.Id, record.Name), isRestore: true, record.Config.RuntimePath, e, log, () => CriuGround.Lacks(parts));
        }
    }

    private static void Check(ContainerRecord record, CheckpointFiles files)
    {
        if (record.State is not (ContainerState.Created or ContainerState.Exited))
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be restored: it is {record.State.ToString().ToLowerInvariant()}", "stop it first");
        if (!files.IsComplete)
            throw EngineErrors.InvalidState(record.Id, $"container {record.Name} can't be restored: it has no complete checkpoint", "checkpoint it while it runs, or start it");
    }

    private static void Forget(params string[] paths)
    {
        foreach (var path in paths)
            _ = Files.TryRemove(path);
    }
}
