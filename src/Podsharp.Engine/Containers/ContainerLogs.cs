using System.Runtime.CompilerServices;
using Podsharp.Engine.Containers.Logs;
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
    private bool MayWrite(string id) => parts.Containers.Find(id) is { } record
        && (record.State is ContainerState.Created or ContainerState.Initialized or ContainerState.Paused
            || (record.State is ContainerState.Running or ContainerState.Stopping && Native.ProcessTable.IsAlive(record.Pid, record.PidStart)));
}
