using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Checkpoints.</content>
internal sealed partial class LocalContainerEngine
{
    public Task<ContainerCheckpoint> CheckpointContainerAsync(string nameOrId, ContainerCheckpointRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Checkpointer.Checkpoint(nameOrId, request, cancellationToken), cancellationToken);

    public Task<ContainerRestoration> RestoreContainerAsync(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Restorer.Restore(nameOrId, request, cancellationToken), cancellationToken);
}
