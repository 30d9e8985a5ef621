namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>The members of a checkpoint's archive and of a checkpoint image, named as podman names them (checkpointctl's lib/metadata.go).</summary>
internal static class CheckpointMembers
{
    internal const string Configuration = "config.dump";
    internal const string Specification = "spec.dump";
    internal const string NetworkStatus = "network.status";
    internal const string Statistics = "stats-dump";
    internal const string SharedMemory = "devshm-checkpoint.tar";
    internal const string Log = "ctr.log";
    internal const string Images = "checkpoint";
    internal const string PreImages = "pre-checkpoint";
    internal const string RootChanges = "rootfs-diff.tar";
    internal const string DeletedFiles = "deleted.files";
    internal const string Volumes = "volumes";

    /// <summary>podman's, and mostly empty.</summary>
    internal const string Artifacts = "artifacts";

    /// <summary>CRIU's link from the images of a second round to those of the first.</summary>
    internal const string Parent = "parent";

    /// <summary>Where that leads.</summary>
    internal const string ParentTarget = "../" + PreImages;

    /// <summary>The SHA-256 of every other file: ours alone; podman unpacks it, and doesn't look at it.</summary>
    internal const string Digests = "podsharp.digests";

    /// <summary>Files at the archive's top that a restore has a use for.</summary>
    internal static IReadOnlySet<string> TopFiles { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Configuration, Specification, NetworkStatus, Statistics, SharedMemory, Log, RootChanges, DeletedFiles, Digests,
    };

    /// <summary>The volume whose content a member of <see cref="Volumes"/> is; null for another name.</summary>
    internal static string? VolumeOf(string name) => name.EndsWith(".tar", StringComparison.Ordinal) && name.Length > 4 ? name[..^4] : null;
}
