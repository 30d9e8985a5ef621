namespace Podsharp.Model;

/// <summary>A container engine, local or remote. Every front (cmdlets, command line, REST) works through it.</summary>
/// <remarks>Every method can cross a network: arguments and results are serialisable records, streams or sequences of records; no
/// callbacks, no handles. All throw <see cref="ContainerEngineException"/>; a cancelled call leaves nothing half done.
/// Names: a container is named by its name, its id or an unambiguous prefix of it.</remarks>
public interface IContainerEngine : IAsyncDisposable
{
    /// <summary>Facts about the engine and its host.</summary>
    Task<ContainerEngineInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>The unit that starts containers after a reboot.</summary>
    Task<BootUnit> GetBootUnitAsync(CancellationToken cancellationToken = default);

    /// <summary>Enables the unit that starts containers after a reboot, or disables it. It is not started or stopped now.</summary>
    Task<BootUnit> SetBootUnitAsync(bool enabled, CancellationToken cancellationToken = default);

    /// <summary>Lists containers, oldest first.</summary>
    IAsyncEnumerable<Container> ListContainersAsync(ContainerQuery query, CancellationToken cancellationToken = default);

    /// <summary>Everything about one container.</summary>
    Task<ContainerDetail> InspectContainerAsync(string nameOrId, bool size = false, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a container.</summary>
    Task<bool> ContainerExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Defines a container. The image must be in local storage: fronts pull first (<see cref="PullImageAsync"/>) to show progress.</summary>
    Task<ContainerCreateResult> CreateContainerAsync(ContainerSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Makes a container like another one: from what that was made of, not from what has become of it.</summary>
    Task<ContainerCreateResult> CloneContainerAsync(string nameOrId, ContainerCloneRequest request, CancellationToken cancellationToken = default);

    /// <summary>Starts a container; one that runs is left alone.</summary>
    Task<Container> StartContainerAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Stops a container: stop signal, then SIGKILL; one that doesn't run is left alone.</summary>
    Task<Container> StopContainerAsync(string nameOrId, StopOptions options, CancellationToken cancellationToken = default);

    /// <summary>Stops and starts a container.</summary>
    Task<Container> RestartContainerAsync(string nameOrId, int? timeout, CancellationToken cancellationToken = default);

    /// <summary>Sets a container up (mounts, network, runtime) without starting its process.</summary>
    Task<Container> InitializeContainerAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Freezes a running container's processes.</summary>
    Task<Container> PauseContainerAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Lets a paused container's processes go on.</summary>
    Task<Container> ResumeContainerAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Saves the processes of a running container, from which it can be restored; it ends with that, unless it is to run on.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="request">How.</param>
    /// <param name="archive">Where all of it is written to, from which it can be restored elsewhere; null for nowhere.</param>
    /// <param name="cancellationToken">Stops it before processes are frozen, and the writing afterwards.</param>
    Task<ContainerCheckpoint> CheckpointContainerAsync(string nameOrId, ContainerCheckpointRequest request, Stream? archive = null, CancellationToken cancellationToken = default);

    /// <summary>Has a checkpointed container's processes go on where they were; or makes a container of a checkpoint's image, and has that go on.</summary>
    Task<ContainerRestoration> RestoreContainerAsync(string nameOrId, ContainerRestoreRequest request, CancellationToken cancellationToken = default);

    /// <summary>Makes a container of a checkpoint's archive, and has its processes go on.</summary>
    /// <param name="archive">The archive, plain or compressed with gzip or zstd.</param>
    /// <param name="previous">The archive of the first round, which that one goes on from; null for none.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    Task<ContainerRestoration> ImportCheckpointAsync(Stream archive, Stream? previous, ContainerRestoreRequest request, CancellationToken cancellationToken = default);

    /// <summary>Gives a container another name, whatever state it is in.</summary>
    Task<Container> RenameContainerAsync(string nameOrId, string name, CancellationToken cancellationToken = default);

    /// <summary>Changes limits (on what runs, too), restart policy, variables and process limits (from the next start on).</summary>
    Task<ContainerUpdateResult> UpdateContainerAsync(string nameOrId, ContainerUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal (name or number) to a running container's process.</summary>
    Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken = default);

    /// <summary>Lists pods, oldest first.</summary>
    IAsyncEnumerable<Pod> ListPodsAsync(PodQuery query, CancellationToken cancellationToken = default);

    /// <summary>Everything about one pod.</summary>
    Task<PodDetail> InspectPodAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a pod.</summary>
    Task<bool> PodExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Defines a pod, with its infra container.</summary>
    Task<PodCreateResult> CreatePodAsync(PodSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Makes a pod like another one, with copies of its containers: from what those were made of, not from what has become of them.</summary>
    Task<PodCreateResult> ClonePodAsync(string nameOrId, PodCloneRequest request, CancellationToken cancellationToken = default);

    /// <summary>Starts a pod's containers in the order of their dependencies, after its init containers; those that run are left alone.</summary>
    Task<PodReport> StartPodAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Stops a pod's containers. Seconds between the stop signal and SIGKILL; each container's own when null.</summary>
    Task<PodReport> StopPodAsync(string nameOrId, int? timeout, CancellationToken cancellationToken = default);

    /// <summary>Stops and starts all of a pod's containers.</summary>
    Task<PodReport> RestartPodAsync(string nameOrId, int? timeout, CancellationToken cancellationToken = default);

    /// <summary>Freezes the processes of a pod's running containers.</summary>
    Task<PodReport> PausePodAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Lets the processes of a pod's paused containers go on.</summary>
    Task<PodReport> ResumePodAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal (name or number) to the processes of a pod's running containers.</summary>
    Task<PodReport> KillPodAsync(string nameOrId, string signal, CancellationToken cancellationToken = default);

    /// <summary>Removes a pod with its containers. Returns its id, or null where it was missing and that was to be ignored.</summary>
    Task<string?> RemovePodAsync(string nameOrId, PodRemoveOptions options, CancellationToken cancellationToken = default);

    /// <summary>Waits until any of the conditions holds.</summary>
    Task<ContainerExit> WaitContainerAsync(string nameOrId, IReadOnlyList<WaitCondition> conditions, CancellationToken cancellationToken = default);

    /// <summary>Removes a container. Returns null where it was ignored as missing.</summary>
    Task<ContainerRemoveResult?> RemoveContainerAsync(string nameOrId, RemoveOptions options, CancellationToken cancellationToken = default);

    /// <summary>Takes down what a container's or exec session's end left; what conmon's exit command calls.</summary>
    Task CleanupContainerAsync(string nameOrId, ContainerCleanup options, CancellationToken cancellationToken = default);

    /// <summary>Runs a container's health check now, and does what follows from it.</summary>
    /// <exception cref="ContainerEngineException">InvalidState: it doesn't run, or has no health check.</exception>
    Task<HealthCheckResult> CheckHealthAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Starts containers again as their policies ask and checks their health, as long as there is any to wait for; what the helper process calls. Ends at once where another
    /// process does it.</summary>
    Task SuperviseAsync(CancellationToken cancellationToken = default);

    /// <summary>Connects to a container's streams. One that was created or has ended is initialised first, so that no output is missed:
    /// start it after attaching.</summary>
    Task<ContainerStream> AttachContainerAsync(string nameOrId, AttachOptions options, CancellationToken cancellationToken = default);

    /// <summary>Tells a container's terminal its size.</summary>
    Task ResizeContainerAsync(string nameOrId, TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>Defines a command in a running container.</summary>
    Task<ExecSession> CreateExecAsync(string nameOrId, ExecSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Starts a command and connects to its streams; for a detached one the stream ends at once.</summary>
    Task<ContainerStream> StartExecAsync(string execId, AttachOptions options, CancellationToken cancellationToken = default);

    /// <summary>A command's state.</summary>
    Task<ExecSession> InspectExecAsync(string execId, CancellationToken cancellationToken = default);

    /// <summary>Waits for a command's end and returns its exit code.</summary>
    Task<int> WaitExecAsync(string execId, CancellationToken cancellationToken = default);

    /// <summary>Forgets a command that has ended.</summary>
    Task RemoveExecAsync(string execId, CancellationToken cancellationToken = default);

    /// <summary>Reads a container's log.</summary>
    IAsyncEnumerable<ContainerLogEntry> GetLogsAsync(string nameOrId, LogQuery query, CancellationToken cancellationToken = default);

    /// <summary>The processes of a running container. Descriptors (<see cref="ProcessDescriptors"/>) are what goes into their fields.</summary>
    IAsyncEnumerable<ContainerProcessInfo> GetProcessesAsync(string nameOrId, IReadOnlyList<string> descriptors, CancellationToken cancellationToken = default);

    /// <summary>The lines that ps(1) prints about a running container's processes, the headings first.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="arguments">The arguments of ps.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<string>> GetProcessLinesAsync(string nameOrId, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default);

    /// <summary>What a running container uses now.</summary>
    Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Looks at what containers use, once or at intervals; they may come and go meanwhile.</summary>
    IAsyncEnumerable<UsageSample> WatchUsageAsync(UsageQuery query, CancellationToken cancellationToken = default);

    /// <summary>The files in which a container differs from its image, by path.</summary>
    IAsyncEnumerable<FileSystemChange> GetContainerChangesAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>The files in which an image's top layer differs from those below, by path.</summary>
    IAsyncEnumerable<FileSystemChange> GetImageChangesAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Writes a container's root file system, without what is mounted into it, to a stream as a tar.</summary>
    Task ExportContainerAsync(string nameOrId, Stream target, CancellationToken cancellationToken = default);

    /// <summary>What is at a path of a container; a relative path starts at its working directory.</summary>
    Task<FilePathStatus> StatContainerPathAsync(string nameOrId, string path, CancellationToken cancellationToken = default);

    /// <summary>Writes a file of a container, or a directory with all that is in it, to a stream as a tar. What runs is seen with its mounts; the
    /// owner is the container's user.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="entryName">What it is called in the archive; empty for a directory's content without itself.</param>
    /// <param name="archive">Where to write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task ReadContainerFilesAsync(string nameOrId, string path, string entryName, Stream archive, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar (plain, gzip or zstd) into a directory of a container, which must be there.</summary>
    Task WriteContainerFilesAsync(string nameOrId, string directory, Stream archive, FileUnpackOptions options, CancellationToken cancellationToken = default);

    /// <summary>Makes an image of a container: its image, and on top of it a layer with what the container has changed.</summary>
    Task<ContainerImage> CommitContainerAsync(string nameOrId, ContainerCommitRequest request, CancellationToken cancellationToken = default);

    /// <summary>Mounts a container's root file system on the engine's host. Mounts are counted.</summary>
    Task<ContainerRootMount> MountContainerAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Takes back one <see cref="MountContainerAsync"/>, all of them with force. The mount that a container runs on stays; one that
    /// isn't mounted is left alone.</summary>
    Task UnmountContainerAsync(string nameOrId, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>The containers whose root file systems are mounted, oldest first.</summary>
    IAsyncEnumerable<ContainerRootMount> ListContainerMountsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists images, newest first.</summary>
    IAsyncEnumerable<ContainerImage> ListImagesAsync(ImageQuery query, CancellationToken cancellationToken = default);

    /// <summary>Everything about one image.</summary>
    Task<ContainerImageDetail> InspectImageAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such an image.</summary>
    Task<bool> ImageExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>An image's history, the last step first.</summary>
    IAsyncEnumerable<ImageHistoryEntry> GetImageHistoryAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>An image's layers, the lowest first; with dependents its top layer and all image layers that stand on it, each before those.</summary>
    IAsyncEnumerable<ImageLayer> GetImageLayersAsync(string nameOrId, bool dependents = false, CancellationToken cancellationToken = default);

    /// <summary>Mounts an image's root file system, to be read only, on the engine's host. Mounts are counted.</summary>
    Task<ContainerImageMount> MountImageAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Takes back one <see cref="MountImageAsync"/>, all of them with force; null for an image that isn't mounted.</summary>
    Task<ContainerImageMount?> UnmountImageAsync(string nameOrId, bool force = false, CancellationToken cancellationToken = default);

    /// <summary>The images whose root file systems are mounted.</summary>
    IAsyncEnumerable<ContainerImageMount> ListImageMountsAsync(CancellationToken cancellationToken = default);

    /// <summary>The full names that a name may stand for when an image is fetched.</summary>
    Task<ImageNameResolution> ResolveImageNameAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Looks for images in registries, or lists the tags of a repository.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; Network, Unauthorized: none of the registries could be searched.</exception>
    IAsyncEnumerable<ImageSearchResult> SearchImagesAsync(ImageSearchRequest request, CancellationToken cancellationToken = default);

    /// <summary>Fetches an image from a registry; the last record holds the image. With all tags of a repository, each one's last record does.</summary>
    IAsyncEnumerable<ImagePullProgress> PullImageAsync(ImagePullRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends an image to a registry; the last record holds the result.</summary>
    IAsyncEnumerable<ImagePushProgress> PushImageAsync(ImagePushRequest request, CancellationToken cancellationToken = default);

    /// <summary>Copies an image, or a list of images, from one place to another: registries, this engine's store, archives and directories of the engine's
    /// host. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt, Unsupported, PermissionDenied.</exception>
    IAsyncEnumerable<ImageCopyProgress> CopyImageAsync(ImageCopyRequest request, CancellationToken cancellationToken = default);

    /// <summary>Copies a set of images: a repository, what a description names, or what lies below a directory.</summary>
    /// <exception cref="ContainerEngineException">What the first failure raises, unless it is to go on: then a record tells.</exception>
    IAsyncEnumerable<ImageSyncProgress> SynchroniseImagesAsync(ImageSyncRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends an image to another user or host, or takes one from there.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, PermissionDenied, Network.</exception>
    Task<ImageTransferResult> TransferImageAsync(ImageTransferRequest request, CancellationToken cancellationToken = default);

    /// <summary>Looks at an image where it is, without fetching it.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network, DataCorrupt; Unsupported: it is an artifact.</exception>
    Task<RemoteContainerImage> InspectRemoteImageAsync(RemoteImageRequest request, CancellationToken cancellationToken = default);

    /// <summary>Removes an image from a registry, with all its tags.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, NotFound, Unauthorized, Network; Unsupported: the registry doesn't do that.</exception>
    Task<RemoteImageRemoveResult> RemoveRemoteImageAsync(RemoteImageRemoveRequest request, CancellationToken cancellationToken = default);

    /// <summary>The policy that decides which images are accepted.</summary>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid.</exception>
    Task<TrustPolicy> GetTrustPolicyAsync(TrustPolicyRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes what that policy asks of a scope.</summary>
    /// <returns>The scope's entries.</returns>
    /// <exception cref="ContainerEngineException">InvalidArgument, ConfigurationInvalid, PermissionDenied.</exception>
    Task<IReadOnlyList<TrustPolicyEntry>> SetTrustPolicyAsync(TrustPolicyChange change, CancellationToken cancellationToken = default);

    /// <summary>Signs an image that is at a registry. Each record is a manifest that has been signed.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument, MissingComponent, SigningFailed, SigningKeyUnusable; what the registry raises.</exception>
    IAsyncEnumerable<ImageSignResult> SignImageAsync(ImageSignRequest request, CancellationToken cancellationToken = default);

    /// <summary>Whether the policy accepts an image that is at a registry; nothing of it is fetched but manifests and signatures.</summary>
    /// <exception cref="ContainerEngineException">What the registry raises; ConfigurationInvalid.</exception>
    Task<ImageVerification> VerifyImageAsync(ImageVerifyRequest request, CancellationToken cancellationToken = default);

    /// <summary>Makes an image of a root file system archive (tar, gzip or zstd).</summary>
    Task<ContainerImage> ImportImageAsync(Stream archive, ImageImportRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes all images out of an archive: one that save wrote, plain or compressed. The last records hold them, with the full name that each
    /// was given, or its digest; one with several names comes several times.</summary>
    IAsyncEnumerable<ImagePullProgress> LoadImagesAsync(Stream archive, ImageLoadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Writes images to a stream, as one archive or as the tar of a directory's files. Reading the sequence is what does it; the archive is
    /// complete with its end.</summary>
    IAsyncEnumerable<ImageSaveProgress> SaveImagesAsync(ImageSaveRequest request, Stream target, CancellationToken cancellationToken = default);

    /// <summary>Builds an image of a Containerfile. The last record holds it. Leaving the sequence early stops the build; what its steps have led to so far is found by the next one.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="context">The context as a tar, plain or compressed; null where the request names it, or there is none. With <see cref="ImageBuildRequest.Input"/>
    /// what RUN's commands read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">BuildCommandFailed, InvalidContainerfile; whatever a pull, a container or the store can raise, with the place in the Containerfile.</exception>
    IAsyncEnumerable<ImageBuildProgress> BuildImageAsync(ImageBuildRequest request, Stream? context = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the lists of images for several platforms (manifest lists), the newest first.</summary>
    IAsyncEnumerable<ContainerManifest> ListManifestsAsync(CancellationToken cancellationToken = default);

    /// <summary>A list of images: of local storage, else of the registry that the name says.</summary>
    /// <exception cref="ContainerEngineException">NotAManifestList; what the registry raises.</exception>
    Task<ContainerManifest> InspectManifestAsync(string nameOrId, RegistryOptions options, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a list in local storage.</summary>
    /// <exception cref="ContainerEngineException">NotAManifestList: an image has this name.</exception>
    Task<bool> ManifestExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Makes a list of images, or adds to one of that name if that is asked for.</summary>
    Task<ContainerManifest> CreateManifestAsync(ManifestCreateRequest request, CancellationToken cancellationToken = default);

    /// <summary>Adds images to a list.</summary>
    Task<ContainerManifest> AddManifestImagesAsync(string nameOrId, ManifestAddRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes what a list says of an image, or of itself.</summary>
    Task<ContainerManifest> AnnotateManifestAsync(string nameOrId, ManifestAnnotateRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes an image, by the digest of its manifest, out of a list. The image itself stays.</summary>
    Task<ContainerManifest> RemoveManifestImageAsync(string nameOrId, string digest, CancellationToken cancellationToken = default);

    /// <summary>Sends a list and its images to a registry, or to a directory or archive of the engine's host. The last record holds the result.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, NotAManifestList, InvalidArgument, Unauthorized, Network, DataCorrupt, Unsupported.</exception>
    IAsyncEnumerable<ImageCopyProgress> PushManifestAsync(ManifestPushRequest request, CancellationToken cancellationToken = default);

    /// <summary>Removes a list; its images stay.</summary>
    Task<ImageRemoveResult> RemoveManifestAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Gives an image a further name, taking it from another image if need be.</summary>
    Task<ContainerImage> TagImageAsync(string nameOrId, string name, CancellationToken cancellationToken = default);

    /// <summary>Takes names from an image; all of them when none is given.</summary>
    Task<ContainerImage> UntagImageAsync(string nameOrId, IReadOnlyList<string> names, CancellationToken cancellationToken = default);

    /// <summary>Removes a name, and with the last one the image, and the unnamed ones it was made from unless they are to be kept. Force also
    /// removes containers that use it.</summary>
    Task<ImageRemoveResult> RemoveImageAsync(string nameOrId, bool force = false, bool keepParents = false, CancellationToken cancellationToken = default);

    /// <summary>Who is logged in to a registry; null for nobody. The secret stays with the engine.</summary>
    Task<RegistrySession?> FindRegistrySessionAsync(RegistryLoginRequest request, CancellationToken cancellationToken = default);

    /// <summary>Checks credentials at a registry and keeps them. Without a user name those are checked that are kept already.</summary>
    Task<RegistrySession> ConnectRegistryAsync(RegistryLoginRequest request, CancellationToken cancellationToken = default);

    /// <summary>Forgets the credentials of a registry, or of all. Returns what was logged out of; null for all.</summary>
    Task<string?> DisconnectRegistryAsync(RegistryLogoutRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists networks by name.</summary>
    IAsyncEnumerable<ContainerNetwork> ListNetworksAsync(NetworkQuery query, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a network.</summary>
    Task<bool> NetworkExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Everything about one network, with the containers that are set up on it.</summary>
    Task<ContainerNetworkDetail> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Makes a network: its definition. On the host it appears with its first container.</summary>
    Task<ContainerNetwork> CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Changes a network, also for the containers on it.</summary>
    Task<ContainerNetwork> UpdateNetworkAsync(string nameOrId, NetworkUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Removes a network. Returns its name, or null where force ignored that it isn't there.</summary>
    Task<string?> RemoveNetworkAsync(string nameOrId, NetworkRemoveOptions options, CancellationToken cancellationToken = default);

    /// <summary>Connects a container to a further network, at once if it runs. Returns what it got there.</summary>
    Task<NetworkStatus> ConnectNetworkAsync(string container, NetworkAttachment attachment, CancellationToken cancellationToken = default);

    /// <summary>Disconnects a container from a network, at once if it runs.</summary>
    Task DisconnectNetworkAsync(string container, string network, CancellationToken cancellationToken = default);

    /// <summary>Makes a running container's interfaces and firewall rules anew, with the addresses it has. Returns its id.</summary>
    Task<string> ReloadNetworkAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Lists volumes.</summary>
    IAsyncEnumerable<ContainerVolume> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken = default);

    /// <summary>A volume by its name, or by an unambiguous beginning of it.</summary>
    Task<ContainerVolume> InspectVolumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Makes a volume.</summary>
    Task<ContainerVolume> CreateVolumeAsync(VolumeSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Removes a volume; force also removes containers that use it, which are given that many seconds to stop.</summary>
    Task RemoveVolumeAsync(string name, bool force = false, int? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Writes a volume's content to a stream as a tar.</summary>
    Task ExportVolumeAsync(string name, Stream target, CancellationToken cancellationToken = default);

    /// <summary>Unpacks a tar (plain, gzip or zstd) into a volume; what is there and not in the archive stays.</summary>
    Task ImportVolumeAsync(string name, Stream archive, CancellationToken cancellationToken = default);

    /// <summary>Mounts what a volume's driver mounts on the engine's host; the volume tells where. Mounts are counted.</summary>
    Task<ContainerVolume> MountVolumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Takes back one <see cref="MountVolumeAsync"/>; a volume that isn't mounted is left alone.</summary>
    Task<ContainerVolume> UnmountVolumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Brings what is noted of volumes in line with the host: mounts of an earlier boot, removals that were cut short. There are no plugins that
    /// could have further volumes.</summary>
    Task ReloadVolumesAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the OCI artifacts of the local store, in the order in which they came.</summary>
    IAsyncEnumerable<ContainerArtifact> ListArtifactsAsync(CancellationToken cancellationToken = default);

    /// <summary>Everything about an artifact.</summary>
    /// <param name="nameOrDigest">Its name, its digest, or the beginning of that.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ContainerArtifactDetail> InspectArtifactAsync(string nameOrDigest, CancellationToken cancellationToken = default);

    /// <summary>Makes an artifact of files, or adds them to one.</summary>
    /// <exception cref="ContainerEngineException">ArtifactExists, ArtifactFileExists, ArtifactNotFound, StorageFull.</exception>
    Task<ContainerArtifact> AddArtifactAsync(ArtifactAddRequest request, CancellationToken cancellationToken = default);

    /// <summary>Writes a file of an artifact to a stream, and compares it with its digest.</summary>
    /// <param name="nameOrDigest">The artifact.</param>
    /// <param name="file">The file's digest.</param>
    /// <param name="target">Gets its bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task ReadArtifactFileAsync(string nameOrDigest, string file, Stream target, CancellationToken cancellationToken = default);

    /// <summary>Removes an artifact and returns its digest. Running containers keep the files that they were given of it.</summary>
    Task<string> RemoveArtifactAsync(string nameOrDigest, CancellationToken cancellationToken = default);

    /// <summary>Fetches an artifact into the local store. The last record holds the result.</summary>
    IAsyncEnumerable<ImageCopyProgress> PullArtifactAsync(ArtifactPullRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends an artifact of the local store to a registry. The last record holds the result.</summary>
    IAsyncEnumerable<ImageCopyProgress> PushArtifactAsync(ArtifactPushRequest request, CancellationToken cancellationToken = default);

    /// <summary>Sends files to a registry as an artifact about an image there.</summary>
    Task<ContainerArtifactReferrer> AttachArtifactAsync(ArtifactAttachRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists the artifacts at a registry that are about an image there.</summary>
    IAsyncEnumerable<ContainerArtifactReferrer> ListArtifactReferrersAsync(ArtifactReferrerQuery query, CancellationToken cancellationToken = default);

    /// <summary>Lists secrets, without their values.</summary>
    IAsyncEnumerable<ContainerSecret> ListSecretsAsync(SecretQuery query, CancellationToken cancellationToken = default);

    /// <summary>What is known of a secret, without its value.</summary>
    Task<ContainerSecret> InspectSecretAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a secret.</summary>
    Task<bool> SecretExistsAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>Writes a secret's value to a stream.</summary>
    Task ReadSecretAsync(string nameOrId, Stream target, CancellationToken cancellationToken = default);

    /// <summary>Makes a secret of the value that a stream holds up to its end.</summary>
    Task<ContainerSecret> CreateSecretAsync(SecretSpec spec, Stream value, CancellationToken cancellationToken = default);

    /// <summary>Removes a secret and returns its id. Containers that were given it as a file keep their copy.</summary>
    Task<string> RemoveSecretAsync(string nameOrId, CancellationToken cancellationToken = default);

    /// <summary>The space that images, containers and volumes take, one record a kind.</summary>
    Task<IReadOnlyList<StorageUsage>> MeasureStorageAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes what nothing uses, or tells what would be removed.</summary>
    IAsyncEnumerable<PruneReport> PruneStorageAsync(PruneOptions options, CancellationToken cancellationToken = default);

    /// <summary>Looks for damage and leftovers in the store, in the state and on the engine's host.</summary>
    Task<StorageCheckReport> CheckStorageAsync(StorageCheckOptions options, CancellationToken cancellationToken = default);

    /// <summary>Looks, and repairs what is wrong. The report tells what was repaired and what was not.</summary>
    Task<StorageCheckReport> RepairStorageAsync(StorageRepairOptions options, CancellationToken cancellationToken = default);

    /// <summary>Defines containers here as podman has them in its database, which is only read.</summary>
    IAsyncEnumerable<PodmanImportResult> ImportPodmanContainersAsync(PodmanImportRequest request, CancellationToken cancellationToken = default);

    /// <summary>Defines volumes here as podman has them, with their files if asked.</summary>
    IAsyncEnumerable<PodmanImportResult> ImportPodmanVolumesAsync(PodmanImportRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads events in order; with follow waits for more.</summary>
    IAsyncEnumerable<EngineEvent> GetEventsAsync(EventQuery query, CancellationToken cancellationToken = default);
}
