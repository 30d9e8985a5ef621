using System.Runtime.CompilerServices;
using Podsharp.Engine.Containers.Logs;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Reads containers' logs.</summary>
internal sealed class ContainerLogs(EngineParts parts)
{
    /// <summary>The lines that match; with follow until the container ends.</summary>
    public async IAsyncEnumerable<ContainerLogEntry> ReadAsync(string nameOrId, LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = parts.Containers.Resolve(nameOrId);
        var record = parts.Containers.Get(id);
        var driver = record.Config.LogDriver;
        if (driver == "none" || LogSettings.PassesStreams(driver))
            throw EngineErrors.Unsupported($"this container is using the '{driver}' log driver, cannot read logs: this container is not logging output", record.Id,
                "create it with --log-driver k8s-file");
        Func<ILogSource> open = driver == "journald" ? () => JournalLog.Open(id, parts.Host.OutsideUserId) : () => new LogFile(record.Config.LogPath);
        await foreach (var entry in ContainerLogReader.ReadAsync(open, query, () => MayWrite(id), cancellationToken))
            yield return entry with { Container = record.Name, ContainerId = id };
    }

    // A container that has not started yet will write: following one from before its start shows its first line.
    // So will one whose restart policy is going to start it again.
    private bool MayWrite(string id)
    {
        if (parts.Containers.Find(id) is not { } record)
            return false;
        if (record.Config.Spec.RestartPolicy.Kind != RestartPolicyKind.No && parts.Settler.NeedsSettling(record))
        {
            // Its end decides. As long as another process is taking it down, that isn't known; or is starting it again, that is on its way.
            if (parts.Settler.TrySettle(record) is not { } settled)
                return false;
            if (settled.State == ContainerState.Stopped || settled.Intent is Intent.Init or Intent.Start)
                return true;
            record = settled;
        }
        return record.NextStart is not null || record.State is ContainerState.Created or ContainerState.Initialized or ContainerState.Paused
            || (record.State is ContainerState.Running or ContainerState.Stopping && Native.ProcessTable.IsAlive(record.Pid, record.PidStart));
    }
}
