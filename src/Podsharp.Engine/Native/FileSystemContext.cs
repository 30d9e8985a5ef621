using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Umask and working directory belong to the host process and are never changed: what needs other ones runs on a thread
/// that has left the shared context (unshare(CLONE_FS)) and ends afterwards.</summary>
internal static partial class FileSystemContext
{
    /// <summary>The umask in force for the calling thread. umask(2) could only tell it by changing it.</summary>
    internal static uint Umask()
    {
        foreach (var line in File.ReadLines("/proc/thread-self/status"))
        {
            if (line.StartsWith("Umask:", StringComparison.Ordinal))
                return Convert.ToUInt32(line[6..].Trim(), 8);
        }
        return 0xffff;
    }

    /// <summary>Runs synchronous work under another umask.</summary>
    internal static T Run<T>(uint mask, Func<T> work) => DedicatedThread.Run(Namespaces.CloneFileSystem, () =>
    {
        _ = umask(mask);
        return work();
    });

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}

/// <summary>Threads that change what belongs to a thread alone and end: never one of the pool.</summary>
internal static class DedicatedThread
{
    /// <summary>Runs synchronous work on a new thread that first unshares something, and waits for it.</summary>
    /// <param name="unshareFlags">CLONE_FS, CLONE_NEWNS, CLONE_NEWNET: those that are a thread's own; 0 for none.</param>
    /// <param name="work">The work; it must use /proc/thread-self rather than /proc/self.</param>
    internal static T Run<T>(int unshareFlags, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (unshareFlags != 0)
                    Namespaces.Unshare(unshareFlags);
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }, 256 * 1024)
        { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"podsharp unshare {unshareFlags:x}") };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
