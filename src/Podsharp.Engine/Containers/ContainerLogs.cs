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
        if (record.Config.LogDriver == "none")
            throw EngineErrors.Unsupported($"container {record.Name} keeps no log: it was created with the log driver \"none\"", record.Id,
                "create it with --log-driver k8s-file");
        await foreach (var entry in ContainerLogReader.ReadAsync(record.Config.LogPath, query, () => MayWrite(id), cancellationToken))
            yield return entry with { Container = record.Name, ContainerId = id };
    }

    // A container that has not started yet will write: following one from before its start shows its first line.
    private bool MayWrite(string id) => parts.Containers.Find(id) is { } record
        && (record.State is ContainerState.Created or ContainerState.Initialized or ContainerState.Paused
            || (record.State is ContainerState.Running or ContainerState.Stopping && Native.ProcessTable.IsAlive(record.Pid, record.PidStart)));
}
