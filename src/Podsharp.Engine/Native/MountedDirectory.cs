using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>A directory in a mount namespace that is kept alive with it. Without its namespace the directory could be read, too, but no
/// path with a link and ".." be resolved below it: the kernel would be unsure of it for ever.</summary>
/// <param name="directory">The directory, open.</param>
/// <param name="mountNamespace">Its namespace; null where others keep that.</param>
internal sealed class MountedDirectory(SafeFileHandle directory, SafeFileHandle? mountNamespace) : IDisposable
{
    /// <summary>The directory, open.</summary>
    internal SafeFileHandle Handle => directory;

    /// <summary>A path by which the directory can be opened in this process.</summary>
    internal string Path => $"/proc/self/fd/{(int)directory.DangerousGetHandle()}";

    /// <inheritdoc/>
    public void Dispose()
    {
        directory.Dispose();
        mountNamespace?.Dispose();
    }
}
