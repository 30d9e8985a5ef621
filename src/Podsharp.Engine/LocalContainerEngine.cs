using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <summary>The engine on this host, in this process.</summary>
/// <remarks>The work is system calls, which block: it runs on pool threads, and what needs a thread of its own makes one.</remarks>
internal sealed partial class LocalContainerEngine(EngineParts parts) : IContainerEngine
{
    public Task<ContainerEngineInfo> GetInfoAsync(CancellationToken cancellationToken) =>
        Run(() => parts.Info.Collect(), cancellationToken);

    public Task<BootUnit> GetBootUnitAsync(CancellationToken cancellationToken) => Run(() => parts.BootUnits.Get(), cancellationToken);

    public Task<BootUnit> SetBootUnitAsync(bool enabled, CancellationToken cancellationToken) =>
        Run(() => parts.BootUnits.Set(enabled, cancellationToken), cancellationToken);

    public IAsyncEnumerable<Container> ListContainersAsync(ContainerQuery query, CancellationToken cancellationToken) =>
        Sequence(() => parts.Lister.List(query), cancellationToken);

    public Task<ContainerDetail> InspectContainerAsync(string nameOrId, bool size, CancellationToken cancellationToken) =>
        Run(() => parts.Inspector.Inspect(nameOrId, size), cancellationToken);

    public Task<bool> ContainerExistsAsync(string nameOrId, CancellationToken cancellationToken) => Run(() =>
    {
        try
        {
            parts.Containers.Resolve(nameOrId);
            return true;
        }
        catch (ContainerEngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }, cancellationToken);

    public Task<ContainerCreateResult> CreateContainerAsync(ContainerSpec spec, CancellationToken cancellationToken) =>
        Run(() => parts.Creator.Create(spec, cancellationToken), cancellationToken);

    public Task<ContainerCreateResult> CloneContainerAsync(string nameOrId, ContainerCloneRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Cloner.Clone(nameOrId, request, cancellationToken), cancellationToken);

    public Task<Container> StartContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Starter.Start(nameOrId, cancellationToken), cancellationToken);

    public Task<Container> StopContainerAsync(string nameOrId, StopOptions options, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Stopper.Stop(nameOrId, options, cancellationToken), cancellationToken);

    public Task<Container> RestartContainerAsync(string nameOrId, int? timeout, CancellationToken cancellationToken) => RunWaiting(() =>
    {
        var id = parts.Containers.Resolve(nameOrId);
        if (parts.Containers.Get(id).Config.Spec.AutoRemove)
            throw EngineErrors.InvalidState(id, $"container {nameOrId} can't be restarted: it is removed when it stops (--rm)");
        if (parts.Settler.TrySettle(parts.Containers.Get(id)) is { State: ContainerState.Paused })
            throw EngineErrors.InvalidState(id, $"container {nameOrId} can't be restarted: it is paused", "resume it first");
        parts.Containers.Log(parts.Containers.Get(id), "restart", null);
        parts.Stopper.Stop(id, new StopOptions { Timeout = timeout }, cancellationToken);
        return parts.Starter.Start(id, cancellationToken);
    }, cancellationToken);

    public Task<Container> InitializeContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Starter.Initialize(nameOrId, cancellationToken), cancellationToken);

    public Task<Container> PauseContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Freezer.Pause(nameOrId, cancellationToken), cancellationToken);

    public Task<Container> ResumeContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Freezer.Resume(nameOrId, cancellationToken), cancellationToken);

    public Task<Container> RenameContainerAsync(string nameOrId, string name, CancellationToken cancellationToken) =>
        Run(() => parts.Renamer.Rename(nameOrId, name, cancellationToken), cancellationToken);

    public Task<ContainerUpdateResult> UpdateContainerAsync(string nameOrId, ContainerUpdate update, CancellationToken cancellationToken) =>
        Run(() => parts.Updater.Update(nameOrId, update, cancellationToken), cancellationToken);

    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        Run(() => parts.Stopper.Kill(nameOrId, signal, cancellationToken), cancellationToken);

    public Task<ContainerExit> WaitContainerAsync(string nameOrId, IReadOnlyList<WaitCondition> conditions, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Stopper.Wait(nameOrId, conditions, cancellationToken), cancellationToken);

    public Task<ContainerRemoveResult?> RemoveContainerAsync(string nameOrId, RemoveOptions options, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Remover.Remove(nameOrId, options, cancellationToken), cancellationToken);

    public Task CleanupContainerAsync(string nameOrId, ContainerCleanup options, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Remover.CleanupAsync(nameOrId, options, cancellationToken), cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(string nameOrId, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Health.Check(nameOrId, cancellationToken), cancellationToken);

    public Task SuperviseAsync(CancellationToken cancellationToken) => Run(() => parts.Supervisor.Run(cancellationToken), cancellationToken);

    public Task<ContainerStream> AttachContainerAsync(string nameOrId, AttachOptions options, CancellationToken cancellationToken) =>
        Run(() => parts.Attacher.Attach(nameOrId, options, cancellationToken), cancellationToken);

    public Task ResizeContainerAsync(string nameOrId, TerminalSize size, CancellationToken cancellationToken) =>
        Run(() => parts.Attacher.Resize(nameOrId, size), cancellationToken);

    public Task<ExecSession> CreateExecAsync(string nameOrId, ExecSpec spec, CancellationToken cancellationToken) =>
        Run(() => parts.Exec.Create(nameOrId, spec, cancellationToken), cancellationToken);

    public Task<ContainerStream> StartExecAsync(string execId, AttachOptions options, CancellationToken cancellationToken) =>
        Run(() => parts.Exec.Start(execId, options, cancellationToken), cancellationToken);

    public Task<ExecSession> InspectExecAsync(string execId, CancellationToken cancellationToken) =>
        Run(() => parts.Exec.Inspect(execId), cancellationToken);

    public Task<int> WaitExecAsync(string execId, CancellationToken cancellationToken) => RunWaiting(() => parts.Exec.Wait(execId, cancellationToken), cancellationToken);

    public Task RemoveExecAsync(string execId, CancellationToken cancellationToken) => Run(() => parts.Exec.Remove(execId), cancellationToken);

    public IAsyncEnumerable<ContainerLogEntry> GetLogsAsync(string nameOrId, LogQuery query, CancellationToken cancellationToken) =>
        parts.Logs.ReadAsync(nameOrId, query, cancellationToken);

    public IAsyncEnumerable<ContainerProcessInfo> GetProcessesAsync(string nameOrId, IReadOnlyList<string> descriptors, CancellationToken cancellationToken) =>
        Sequence(() => parts.Monitor.Processes(nameOrId, descriptors), cancellationToken);

    public Task<IReadOnlyList<string>> GetProcessLinesAsync(string nameOrId, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        parts.Ps.RunAsync(nameOrId, arguments, cancellationToken);

    public Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Monitor.Usage(nameOrId), cancellationToken);

    public IAsyncEnumerable<UsageSample> WatchUsageAsync(UsageQuery query, CancellationToken cancellationToken) => parts.Monitor.WatchAsync(query, cancellationToken);

    public IAsyncEnumerable<FileSystemChange> GetContainerChangesAsync(string nameOrId, CancellationToken cancellationToken) =>
        Sequence(() => parts.Changes.OfContainer(nameOrId, cancellationToken), cancellationToken);

    public IAsyncEnumerable<FileSystemChange> GetImageChangesAsync(string nameOrId, CancellationToken cancellationToken) =>
        Sequence(() => parts.Changes.OfImage(nameOrId, cancellationToken), cancellationToken);

    public Task ExportContainerAsync(string nameOrId, Stream target, CancellationToken cancellationToken) =>
        Run(() => parts.Roots.Export(nameOrId, target, cancellationToken), cancellationToken);

    public Task<FilePathStatus> StatContainerPathAsync(string nameOrId, string path, CancellationToken cancellationToken) =>
        Run(() => parts.Files.Stat(nameOrId, path, cancellationToken), cancellationToken);

    public Task ReadContainerFilesAsync(string nameOrId, string path, string entryName, Stream archive, CancellationToken cancellationToken) =>
        RunWaiting(() =>
        {
            parts.Files.Read(nameOrId, path, entryName, archive, cancellationToken);
            return true;
        }, cancellationToken);

    public Task WriteContainerFilesAsync(string nameOrId, string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Files.WriteAsync(nameOrId, directory, archive, options, cancellationToken), cancellationToken);

    public Task<ContainerImage> CommitContainerAsync(string nameOrId, ContainerCommitRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Committer.Commit(nameOrId, request, cancellationToken), cancellationToken);

    public Task<ContainerRootMount> MountContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Roots.Mount(nameOrId, cancellationToken), cancellationToken);

    public Task UnmountContainerAsync(string nameOrId, bool force, CancellationToken cancellationToken) =>
        Run(() => parts.Roots.Unmount(nameOrId, force, cancellationToken), cancellationToken);

    public IAsyncEnumerable<ContainerRootMount> ListContainerMountsAsync(CancellationToken cancellationToken) =>
        Sequence(() => parts.Roots.List(), cancellationToken);

    public IAsyncEnumerable<ContainerImage> ListImagesAsync(ImageQuery query, CancellationToken cancellationToken) =>
        Sequence(() => parts.Images.List(query), cancellationToken);

    public Task<ContainerImageDetail> InspectImageAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Images.Inspect(nameOrId), cancellationToken);

    public IAsyncEnumerable<ImageHistoryEntry> GetImageHistoryAsync(string nameOrId, CancellationToken cancellationToken) =>
        Sequence(() => parts.Images.History(nameOrId), cancellationToken);

    public IAsyncEnumerable<ImageLayer> GetImageLayersAsync(string nameOrId, bool dependents, CancellationToken cancellationToken) =>
        Sequence(() => parts.Images.Layers(nameOrId, dependents), cancellationToken);

    public Task<ContainerImageMount> MountImageAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.ImageRoots.Mount(nameOrId), cancellationToken);

    public Task<ContainerImageMount?> UnmountImageAsync(string nameOrId, bool force, CancellationToken cancellationToken) =>
        Run(() => parts.ImageRoots.Unmount(nameOrId, force), cancellationToken);

    public IAsyncEnumerable<ContainerImageMount> ListImageMountsAsync(CancellationToken cancellationToken) =>
        Sequence(() => parts.ImageRoots.List(), cancellationToken);

    public Task<bool> ImageExistsAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Images.Find(nameOrId) is not null, cancellationToken);

    public Task<ImageNameResolution> ResolveImageNameAsync(string name, CancellationToken cancellationToken) =>
        Run(() => parts.Images.Resolve(name), cancellationToken);

    public IAsyncEnumerable<ImageSearchResult> SearchImagesAsync(ImageSearchRequest request, CancellationToken cancellationToken) =>
        parts.Images.SearchAsync(request, cancellationToken);

    public async IAsyncEnumerable<ImagePullProgress> PullImageAsync(ImagePullRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fetched = false;
        await foreach (var progress in ErrorsNoted(parts.Images.PullAsync(request, cancellationToken), request.Reference, cancellationToken))
        {
            fetched |= progress.Stage is ImagePullStage.LayerExists or ImagePullStage.Downloading or ImagePullStage.LayerDone;
            if (fetched && progress.Image is { } image)
                Log("pull", image.Id, progress.Reference.Length > 0 ? progress.Reference : request.Reference);
            yield return progress;
        }
    }

    public async IAsyncEnumerable<ImagePushProgress> PushImageAsync(ImagePushRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var progress in parts.Images.PushAsync(request, cancellationToken))
        {
            if (progress.Result is { } result)
                Log("push", result.Id, result.Destination);
            yield return progress;
        }
    }

    public async Task<ContainerImage> ImportImageAsync(Stream archive, ImageImportRequest request, CancellationToken cancellationToken)
    {
        var image = await parts.Images.ImportAsync(archive, request, cancellationToken);
        // podman has no other word for it, and none for one without a name.
        foreach (var name in image.Names)
            Log("tag", image.Id, name);
        return image;
    }

    public IAsyncEnumerable<ImagePullProgress> LoadImagesAsync(Stream archive, ImageLoadRequest request, CancellationToken cancellationToken) =>
        Images.ProgressSequence.Of<ImagePullProgress>(async (output, stop) =>
        {
            foreach (var loaded in await parts.Images.LoadAsync(archive, request, output, stop))
            {
                Log("loadfromarchive", loaded.Image!.Id, loaded.Reference);
                output.TryWrite(loaded);
            }
        }, cancellationToken);

    public IAsyncEnumerable<ImageSaveProgress> SaveImagesAsync(ImageSaveRequest request, Stream target, CancellationToken cancellationToken) =>
        Images.ProgressSequence.Of<ImageSaveProgress>(async (output, stop) =>
        {
            foreach (var (image, name) in await parts.Images.SaveAsync(request, target, output, stop))
                Log("save", image.Id, name ?? image.Id);
        }, cancellationToken);

    public Task<ContainerImage> TagImageAsync(string nameOrId, string name, CancellationToken cancellationToken) =>
        Run(() => Renamed(nameOrId, () => parts.Images.Tag(nameOrId, name)), cancellationToken);

    public Task<ContainerImage> UntagImageAsync(string nameOrId, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        Run(() => Renamed(nameOrId, () => parts.Images.Untag(nameOrId, names)), cancellationToken);

    public Task<ImageRemoveResult> RemoveImageAsync(string nameOrId, bool force, bool keepParents, CancellationToken cancellationToken) =>
        parts.Remover.RemoveImageAsync(nameOrId, force, keepParents, cancellationToken);

    public Task<RegistrySession?> FindRegistrySessionAsync(RegistryLoginRequest request, CancellationToken cancellationToken) =>
        parts.Logins.FindAsync(request, cancellationToken);

    public Task<RegistrySession> ConnectRegistryAsync(RegistryLoginRequest request, CancellationToken cancellationToken) =>
        parts.Logins.LoginAsync(request, cancellationToken);

    public Task<string?> DisconnectRegistryAsync(RegistryLogoutRequest request, CancellationToken cancellationToken) =>
        parts.Logins.LogoutAsync(request, cancellationToken);

    public IAsyncEnumerable<EngineEvent> GetEventsAsync(EventQuery query, CancellationToken cancellationToken) =>
        parts.Events.ReadAsync(query, cancellationToken);

    public Task<IReadOnlyList<StorageUsage>> MeasureStorageAsync(CancellationToken cancellationToken) =>
        Run(() => parts.Meter.Measure(cancellationToken), cancellationToken);

    public IAsyncEnumerable<PruneReport> PruneStorageAsync(PruneOptions options, CancellationToken cancellationToken) =>
        parts.Cleaner.RunAsync(options, cancellationToken);

    public Task<StorageCheckReport> CheckStorageAsync(StorageCheckOptions options, CancellationToken cancellationToken) =>
        Run(() => parts.Checker.Check(options, cancellationToken), cancellationToken);

    public Task<StorageCheckReport> RepairStorageAsync(StorageRepairOptions options, CancellationToken cancellationToken) =>
        Run(() => parts.Checker.Repair(options, cancellationToken), cancellationToken);

    public IAsyncEnumerable<PodmanImportResult> ImportPodmanContainersAsync(PodmanImportRequest request, CancellationToken cancellationToken) =>
        parts.Podman.ImportContainersAsync(request, cancellationToken);

    public IAsyncEnumerable<PodmanImportResult> ImportPodmanVolumesAsync(PodmanImportRequest request, CancellationToken cancellationToken) =>
        parts.Podman.ImportVolumesAsync(request, cancellationToken);

    public ValueTask DisposeAsync()
    {
        parts.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken) => Task.Run(work, cancellationToken);

    private static Task Run(Action work, CancellationToken cancellationToken) => Task.Run(work, cancellationToken);

    /// <summary>For what waits for other processes, seconds at times: fifty of them at once must not wait for pool threads, which come slowly.</summary>
    private static Task<T> RunWaiting<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(work, cancellationToken,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static async IAsyncEnumerable<T> Sequence<T>(Func<IEnumerable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Listed whole on a pool thread: locks of the store are not held while the caller looks at one item.
        foreach (var item in await Task.Run(() => list().ToArray(), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
