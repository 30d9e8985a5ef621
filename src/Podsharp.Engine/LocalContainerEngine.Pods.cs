using Podsharp.Model;

namespace Podsharp.Engine;

// Pods.
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<Pod> ListPodsAsync(PodQuery query, CancellationToken cancellationToken) =>
        Sequence(() => parts.PodLister.List(query), cancellationToken);

    public Task<PodDetail> InspectPodAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.PodLister.Inspect(nameOrId), cancellationToken);

    public Task<bool> PodExistsAsync(string nameOrId, CancellationToken cancellationToken) => Run(() =>
    {
        try
        {
            parts.PodSettler.SettleAll();
            parts.Pods.Resolve(nameOrId);
            return true;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }, cancellationToken);

    public Task<PodCreateResult> CreatePodAsync(PodSpec spec, CancellationToken cancellationToken) =>
        Run(() => parts.PodCreator.Create(spec, cancellationToken), cancellationToken);

    public Task<PodCreateResult> ClonePodAsync(string nameOrId, PodCloneRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodCloner.Clone(nameOrId, request, cancellationToken), cancellationToken);

    public Task<PodReport> StartPodAsync(string nameOrId, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Start(nameOrId, cancellationToken), cancellationToken);

    public Task<PodReport> StopPodAsync(string nameOrId, int? timeout, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Stop(nameOrId, timeout, cancellationToken), cancellationToken);

    public Task<PodReport> RestartPodAsync(string nameOrId, int? timeout, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Restart(nameOrId, timeout, cancellationToken), cancellationToken);

    public Task<PodReport> PausePodAsync(string nameOrId, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Pause(nameOrId, cancellationToken), cancellationToken);

    public Task<PodReport> ResumePodAsync(string nameOrId, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Resume(nameOrId, cancellationToken), cancellationToken);

    public Task<PodReport> KillPodAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRunner.Kill(nameOrId, signal, cancellationToken), cancellationToken);

    public Task<string?> RemovePodAsync(string nameOrId, PodRemoveOptions options, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.PodRemover.Remove(nameOrId, options, cancellationToken), cancellationToken);
}
