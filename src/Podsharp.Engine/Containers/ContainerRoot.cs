using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;

namespace Podsharp.Engine.Containers;

/// <summary>A container's root directory, held open.</summary>
/// <param name="record">The container.</param>
/// <param name="directory">Its root.</param>
/// <param name="held">The container's lock, where nobody may start it meanwhile; else null.</param>
internal sealed class ContainerRoot(ContainerRecord record, SafeFileHandle directory, FileLock? held) : IDisposable
{
    /// <summary>The container.</summary>
    public ContainerRecord Record => record;

    /// <summary>Its root.</summary>
    public SafeFileHandle Directory => directory;

    /// <summary>Lets the root go, with a mount that was made for it, then the lock.</summary>
    public void Dispose()
    {
        directory.Dispose();
        held?.Dispose();
    }
}
