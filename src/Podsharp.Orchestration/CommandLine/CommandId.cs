namespace Podsharp.Orchestration.CommandLine;

/// <summary>What a command does, whatever it is called by.</summary>
public enum CommandId
{
    /// <summary>Prints help for itself or a group.</summary>
    Help,
    /// <summary>Prints a completion script.</summary>
    Completion,
    /// <summary>Answers a completion script.</summary>
    Complete,
    /// <summary>container create</summary>
    Create,
    /// <summary>container run</summary>
    Run,
    /// <summary>container start</summary>
    Start,
    /// <summary>container stop</summary>
    Stop,
    /// <summary>container restart</summary>
    Restart,
    /// <summary>container init</summary>
    Init,
    /// <summary>container pause</summary>
    Pause,
    /// <summary>container checkpoint</summary>
    Checkpoint,
    /// <summary>container restore</summary>
    Restore,
    /// <summary>container unpause</summary>
    Unpause,
    /// <summary>container rename</summary>
    Rename,
    /// <summary>container update</summary>
    Update,
    /// <summary>system boot-unit</summary>
    BootUnit,
    /// <summary>supervise</summary>
    Supervise,
    /// <summary>forward-ports</summary>
    ForwardPorts,
    /// <summary>pod create</summary>
    PodCreate,
    /// <summary>pod ps</summary>
    PodList,
    /// <summary>pod inspect</summary>
    PodInspect,
    /// <summary>pod exists</summary>
    PodExists,
    /// <summary>pod start</summary>
    PodStart,
    /// <summary>pod stop</summary>
    PodStop,
    /// <summary>pod restart</summary>
    PodRestart,
    /// <summary>pod kill</summary>
    PodKill,
    /// <summary>pod pause</summary>
    PodPause,
    /// <summary>pod unpause</summary>
    PodUnpause,
    /// <summary>pod rm</summary>
    PodRemove,
    /// <summary>pod prune</summary>
    PodPrune,
    /// <summary>pod logs</summary>
    PodLogs,
    /// <summary>pod top</summary>
    PodTop,
    /// <summary>pod stats</summary>
    PodStats,
    /// <summary>pod clone</summary>
    PodClone,
    /// <summary>container port</summary>
    Port,
    /// <summary>container prune</summary>
    ContainerPrune,
    /// <summary>container kill</summary>
    Kill,
    /// <summary>container wait</summary>
    Wait,
    /// <summary>healthcheck run</summary>
    HealthCheck,
    /// <summary>container rm</summary>
    Remove,
    /// <summary>container list</summary>
    List,
    /// <summary>inspect of any object</summary>
    Inspect,
    /// <summary>container inspect</summary>
    ContainerInspect,
    /// <summary>container exists</summary>
    ContainerExists,
    /// <summary>container exec</summary>
    Exec,
    /// <summary>container attach</summary>
    Attach,
    /// <summary>container logs</summary>
    Logs,
    /// <summary>container top</summary>
    Top,
    /// <summary>container stats</summary>
    Stats,
    /// <summary>container cleanup</summary>
    Cleanup,
    /// <summary>diff of a container or an image</summary>
    Diff,
    /// <summary>container diff</summary>
    ContainerDiff,
    /// <summary>image diff</summary>
    ImageDiff,
    /// <summary>container cp</summary>
    Copy,
    /// <summary>container clone</summary>
    Clone,
    /// <summary>container runlabel</summary>
    RunLabel,
    /// <summary>container commit</summary>
    Commit,
    /// <summary>build</summary>
    Build,
    /// <summary>search</summary>
    Search,
    /// <summary>Signs images at a registry.</summary>
    ImageSign,
    /// <summary>Verifies the signatures of images at a registry.</summary>
    ImageVerify,
    /// <summary>Shows the trust policy.</summary>
    ImageTrustShow,
    /// <summary>Changes the trust policy.</summary>
    ImageTrustSet,
    /// <summary>container export</summary>
    Export,
    /// <summary>container mount</summary>
    Mount,
    /// <summary>container unmount</summary>
    Unmount,
    /// <summary>image pull</summary>
    Pull,
    /// <summary>image push</summary>
    Push,
    /// <summary>image copy</summary>
    ImageCopy,
    /// <summary>image sync</summary>
    ImageSync,
    /// <summary>image delete</summary>
    ImageDelete,
    /// <summary>image scp</summary>
    ImageScp,
    /// <summary>image list</summary>
    Images,
    /// <summary>image inspect</summary>
    ImageInspect,
    /// <summary>image exists</summary>
    ImageExists,
    /// <summary>image rm</summary>
    ImageRemove,
    /// <summary>image tag</summary>
    Tag,
    /// <summary>image untag</summary>
    Untag,
    /// <summary>image import</summary>
    Import,
    /// <summary>image history</summary>
    History,
    /// <summary>image tree</summary>
    ImageTree,
    /// <summary>image mount</summary>
    ImageMount,
    /// <summary>image unmount</summary>
    ImageUnmount,
    /// <summary>image prune</summary>
    ImagePrune,
    /// <summary>image save</summary>
    Save,
    /// <summary>image load</summary>
    Load,
    /// <summary>manifest create</summary>
    ManifestCreate,
    /// <summary>manifest add</summary>
    ManifestAdd,
    /// <summary>manifest annotate</summary>
    ManifestAnnotate,
    /// <summary>manifest inspect</summary>
    ManifestInspect,
    /// <summary>manifest remove</summary>
    ManifestRemoveImage,
    /// <summary>manifest push</summary>
    ManifestPush,
    /// <summary>manifest exists</summary>
    ManifestExists,
    /// <summary>manifest rm</summary>
    ManifestRemove,
    /// <summary>network create</summary>
    NetworkCreate,
    /// <summary>network ls</summary>
    NetworkList,
    /// <summary>network inspect</summary>
    NetworkInspect,
    /// <summary>network exists</summary>
    NetworkExists,
    /// <summary>network rm</summary>
    NetworkRemove,
    /// <summary>network prune</summary>
    NetworkPrune,
    /// <summary>network update</summary>
    NetworkUpdate,
    /// <summary>network connect</summary>
    NetworkConnect,
    /// <summary>network disconnect</summary>
    NetworkDisconnect,
    /// <summary>network reload</summary>
    NetworkReload,
    /// <summary>artifact add</summary>
    ArtifactAdd,
    /// <summary>artifact ls</summary>
    ArtifactList,
    /// <summary>artifact inspect</summary>
    ArtifactInspect,
    /// <summary>artifact extract</summary>
    ArtifactExtract,
    /// <summary>artifact pull</summary>
    ArtifactPull,
    /// <summary>artifact push</summary>
    ArtifactPush,
    /// <summary>artifact rm</summary>
    ArtifactRemove,
    /// <summary>artifact attach</summary>
    ArtifactAttach,
    /// <summary>artifact referrers</summary>
    ArtifactReferrers,
    /// <summary>secret create</summary>
    SecretCreate,
    /// <summary>secret ls</summary>
    SecretList,
    /// <summary>secret inspect</summary>
    SecretInspect,
    /// <summary>secret rm</summary>
    SecretRemove,
    /// <summary>secret exists</summary>
    SecretExists,
    /// <summary>volume create</summary>
    VolumeCreate,
    /// <summary>volume ls</summary>
    VolumeList,
    /// <summary>volume rm</summary>
    VolumeRemove,
    /// <summary>volume inspect</summary>
    VolumeInspect,
    /// <summary>volume exists</summary>
    VolumeExists,
    /// <summary>container import-podman</summary>
    ImportPodmanContainer,
    /// <summary>volume import-podman</summary>
    ImportPodmanVolume,
    /// <summary>volume export</summary>
    VolumeExport,
    /// <summary>volume import</summary>
    VolumeImport,
    /// <summary>volume mount</summary>
    VolumeMount,
    /// <summary>volume unmount</summary>
    VolumeUnmount,
    /// <summary>volume reload</summary>
    VolumeReload,
    /// <summary>volume prune</summary>
    VolumePrune,
    /// <summary>system df</summary>
    DiskUsage,
    /// <summary>system check</summary>
    Check,
    /// <summary>system prune</summary>
    SystemPrune,
    /// <summary>login</summary>
    Login,
    /// <summary>logout</summary>
    Logout,
    /// <summary>system info</summary>
    Info,
    /// <summary>version</summary>
    Version,
    /// <summary>system events</summary>
    Events,
}
