using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;

namespace Podsharp.Engine.Containers;

/// <summary>A container's root directory, held open.</summary>
/// <param name="record">The container.</param>
/// <param name="mounted">Its root.</param>
/// <param name="held">The container's lock, where nobody may start it meanwhile; else null.</param>
internal sealed class ContainerRoot(ContainerRecord record, MountedDirectory mounted, FileLock? held) : IDisposable
{
    /// <summary>The container.</summary>
    public ContainerRecord Record => record;

    /// <summary>Its root.</summary>
    public SafeFileHandle Directory => mounted.Handle;

    /// <summary>A path by which this process can open the root.</summary>
    public string Path => mounted.Path;

    /// <summary>Whether the root is what the container's processes see, with all that is mounted there.</summary>
    public bool IsLive { get; init; }

    /// <summary>Lets the root go, with a mount that was made for it, then the lock.</summary>
    public void Dispose()
    {
        mounted.Dispose();
        held?.Dispose();
    }
}
