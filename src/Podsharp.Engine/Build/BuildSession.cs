using System.Globalization;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Build;

/// <summary>A build's lock, and its directories: they go with it, or, if it is killed, with the next look.</summary>
internal sealed class BuildSession : IDisposable
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private readonly BuildContainers builds;
    private readonly FileLock held;
    private int count;

    internal BuildSession(BuildContainers builds)
    {
        this.builds = builds;
        Id = Containers.ContainerNames.NewId();
        held = builds.Begin(Id);
    }

    /// <summary>The build's id.</summary>
    internal string Id { get; }

    /// <summary>A new directory for files that are fetched or sent.</summary>
    internal string NewDirectory()
    {
        var path = Path.Combine(builds.DiskDirectory(Id), Number());
        Files.MakeDirectories(path, PrivateDirectory);
        return path;
    }

    /// <summary>The path of a new file in memory.</summary>
    internal string NewFile()
    {
        Files.MakeDirectories(builds.MemoryDirectory(Id), PrivateDirectory);
        return Path.Combine(builds.MemoryDirectory(Id), Number());
    }

    /// <summary>A new directory in memory.</summary>
    internal string NewMemoryDirectory()
    {
        var path = NewFile();
        Files.MakeDirectory(path, PrivateDirectory);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => builds.End(Id, held);

    private string Number() => Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);
}
