namespace Podsharp.Model;

/// <summary>How a container is checkpointed.</summary>
public sealed record ContainerCheckpointRequest
{
    /// <summary>Keeps CRIU's log and statistics beside the checkpoint.</summary>
    public bool Keep { get; init; }
    /// <summary>Lets the container run on.</summary>
    public bool LeaveRunning { get; init; }
    /// <summary>Takes established TCP connections along; without it they are a reason to refuse.</summary>
    public bool TcpEstablished { get; init; }
    /// <summary>Takes file locks along; without it they are a reason to refuse.</summary>
    public bool FileLocks { get; init; }
    /// <summary>Saves the memory only, while the container runs on: the first round of a checkpoint whose second one has less to save.</summary>
    public bool Pre { get; init; }
    /// <summary>Saves what has changed since that round.</summary>
    public bool WithPrevious { get; init; }
    /// <summary>How the archive is compressed.</summary>
    public CheckpointCompression Compression { get; init; }
    /// <summary>The name of an image to be made of the checkpoint; null for none.</summary>
    public string? Image { get; init; }
    /// <summary>Leaves the changes of the root file system out of archive and image.</summary>
    public bool IgnoreRootFs { get; init; }
    /// <summary>Leaves volumes out of archive and image.</summary>
    public bool IgnoreVolumes { get; init; }
}
