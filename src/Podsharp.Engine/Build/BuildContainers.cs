using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>The containers of RUN instructions. They are ordinary ones of this engine but for three things: nobody sees them in lists or events, as nobody
/// sees podman's; nobody restarts them; and they go with their build.</summary>
/// <remarks>A build holds a lock file as long as it lives. Containers and directories of one whose lock is free are rubbish, and go when the next build
/// begins or something is pruned.</remarks>
internal sealed class BuildContainers(EngineParts parts)
{
    private const string Mark = "io.podsharp.build";
    private const uint PrivateDirectory = 0x1C0; // 0700

    private string LockDirectory => Path.Combine(parts.Paths.LockDirectory, "builds");

    private string RunDirectory => Path.Combine(parts.StorageConfiguration.RunRoot, "podsharp-builds");

    /// <summary>Whether a container is one of a build.</summary>
    internal static bool IsOfBuild(ContainerConfig config) => config.Spec.Annotations.ContainsKey(Mark);

    /// <summary>Whether nobody wants a container back after a power cut: then nothing of it has to be made durable.</summary>
    internal static bool IsShortLived(ContainerConfig config) => config.Spec.AutoRemove || IsOfBuild(config);

    /// <summary>Marks a container as one of a build.</summary>
    internal static ContainerSpec WithMark(ContainerSpec spec, string build) => spec with
    {
        Annotations = new Dictionary<string, string>(spec.Annotations) { [Mark] = build },
    };

    /// <summary>Begins a build: takes its lock.</summary>
    internal FileLock Begin(string build)
    {
        Files.MakeDirectories(LockDirectory, PrivateDirectory);
        return FileLock.Acquire(Path.Combine(LockDirectory, build), LockMode.Exclusive, fileMode: 0x180);
    }

    /// <summary>A build's directory for what it fetches.</summary>
    internal string DiskDirectory(string build) => Path.Combine(parts.Paths.StateDirectory, "builds", build);

    /// <summary>A build's directory in memory, for what no disk may see.</summary>
    internal string MemoryDirectory(string build) => Path.Combine(RunDirectory, build);

    /// <summary>Ends one.</summary>
    internal void End(string build, FileLock held)
    {
        if (Directory.Exists(MemoryDirectory(build)))
            KeyAgent.Sweep(MemoryDirectory(build));
        foreach (var directory in (string[])[DiskDirectory(build), MemoryDirectory(build)])
        {
            if (Directory.Exists(directory))
                Files.RemoveTree(directory);
        }
        _ = Files.TryRemove(Path.Combine(LockDirectory, build));
        held.Dispose();
    }

    /// <summary>Removes what builds have left that were killed.</summary>
    internal void Sweep(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(LockDirectory))
            return;
        foreach (var path in Directory.EnumerateFiles(LockDirectory))
        {
            using var held = TryAcquire(path);
            if (held is null)
                continue;
            var build = Path.GetFileName(path);
            foreach (var record in parts.Containers.List().Where(record => record.Config.Spec.Annotations.GetValueOrDefault(Mark) == build))
                parts.Remover.Remove(record.Id, new RemoveOptions { Force = true, Ignore = true, Timeout = 0 }, cancellationToken);
            End(build, held);
        }
    }

    // Null where somebody has it, or has just removed it: the build itself, or another one that sweeps.
    private static FileLock? TryAcquire(string path)
    {
        try
        {
            return FileLock.TryAcquire(path, LockMode.Exclusive, create: false);
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }
}
