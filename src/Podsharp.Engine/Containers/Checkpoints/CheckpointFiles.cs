using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>The files of a container's checkpoint, named as podman names them, in the container's static directory: they outlive a reboot.</summary>
internal sealed class CheckpointFiles
{
    private const uint PrivateDirectory = 0x1C0; // 0700

    private readonly string directory;

    internal CheckpointFiles(string staticDirectory) => directory = staticDirectory;

    /// <summary>The static directory: CRIU's log and statistics are written there.</summary>
    internal string WorkDirectory => directory;

    /// <summary>CRIU's images.</summary>
    internal string Images => Path.Combine(directory, CheckpointMembers.Images);

    /// <summary>CRIU's images of a first round, relative to which those of the second are.</summary>
    internal string PreImages => Path.Combine(directory, CheckpointMembers.PreImages);

    /// <summary>The content of /dev/shm.</summary>
    internal string SharedMemory => Path.Combine(directory, CheckpointMembers.SharedMemory);

    /// <summary>For what goes into an archive.</summary>
    internal string Scratch => Path.Combine(directory, CheckpointMembers.RootChanges);

    /// <summary>The addresses that the container had.</summary>
    internal string NetworkStatus => Path.Combine(directory, CheckpointMembers.NetworkStatus);

    /// <summary>Held by whoever dumps, the OCI runtime too: it may outlive the process that has started it.</summary>
    internal string Lock => Path.Combine(directory, "checkpoint.lock");

    /// <summary>What CRIU wrote while it dumped.</summary>
    internal string DumpLog => Path.Combine(directory, "dump.log");

    /// <summary>The statistics of the dump.</summary>
    internal string DumpStatistics => Path.Combine(directory, CheckpointMembers.Statistics);

    /// <summary>Whether there is a checkpoint that can be restored: the inventory is what CRIU writes last.</summary>
    internal bool IsComplete => File.Exists(Path.Combine(Images, "inventory.img"));

    /// <summary>Whether there is a first round.</summary>
    internal bool HasPrevious => File.Exists(Path.Combine(PreImages, "inventory.img"));

    /// <summary>Makes an empty directory for CRIU's images.</summary>
    internal string Prepare(bool pre)
    {
        var images = pre ? PreImages : Images;
        Files.RemoveTree(images);
        Files.MakeDirectory(images, PrivateDirectory);
        RemoveTraces();
        return images;
    }

    /// <summary>Removes images that a dump has left unfinished.</summary>
    internal void RemoveIncomplete(bool pre)
    {
        if (!(pre ? HasPrevious : IsComplete))
            Files.RemoveTree(pre ? PreImages : Images);
    }

    /// <summary>Removes CRIU's log and statistics.</summary>
    internal void RemoveTraces()
    {
        _ = Files.TryRemove(DumpLog);
        _ = Files.TryRemove(DumpStatistics);
    }

    /// <summary>Removes all that belongs to the checkpoint.</summary>
    /// <param name="discard">Removes directories, in its own time.</param>
    internal void Remove(Action<IEnumerable<string>> discard)
    {
        discard([Images, PreImages]);
        RemoveTraces();
        _ = Files.TryRemove(SharedMemory);
        _ = Files.TryRemove(NetworkStatus);
        _ = Files.TryRemove(Scratch);
    }

    /// <summary>The size of CRIU's images in bytes.</summary>
    internal long Size(bool pre) => new DirectoryInfo(pre ? PreImages : Images).EnumerateFiles().Where(file => file.LinkTarget is null).Sum(file => file.Length);
}
