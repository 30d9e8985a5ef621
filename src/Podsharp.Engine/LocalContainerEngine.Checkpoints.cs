using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Checkpoints.</content>
internal sealed partial class LocalContainerEngine
{
    public Task<ContainerCheckpoint> CheckpointContainerAsync(string nameOrId, ContainerCheckpointRequest request, Stream? archive, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Checkpointer.Checkpoint(nameOrId, request, archive, cancellationToken), cancellationToken);

    public Task<ContainerRestoration> RestoreContainerAsync(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.CheckpointImporter.RestoreNamed(nameOrId, request, cancellationToken), cancellationToken);

    public Task<ContainerRestoration> ImportCheckpointAsync(Stream archive, Stream? previous, ContainerRestoreRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.CheckpointImporter.Restore(archive, previous, request, cancellationToken), cancellationToken);
}
