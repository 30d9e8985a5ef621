using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>The files by which conmon tells of a container's end: the exit code in the exit directory under the container's id and in its
/// persist directory as <c>exit</c>, and an empty file <c>oom</c> there when the kernel killed for want of memory.</summary>
internal static unsafe partial class ExitFiles
{
    private const uint MovedTo = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>The exit code, or null where there is none (yet).</summary>
    internal static ExitFile? Read(string exitDirectory, string persistDirectory, string id) =>
        ReadOne(Path.Combine(exitDirectory, id)) ?? ReadOne(Path.Combine(persistDirectory, "exit"));

    /// <summary>Whether the kernel killed a process of the container for want of memory.</summary>
    internal static bool OutOfMemory(string persistDirectory, string bundleDirectory) =>
        File.Exists(Path.Combine(persistDirectory, "oom")) || File.Exists(Path.Combine(bundleDirectory, "oom"));

    /// <summary>Removes the files of an earlier run: a start must not see them.</summary>
    internal static void Remove(string exitDirectory, string persistDirectory, string bundleDirectory, string id)
    {
        foreach (var file in new[] { Path.Combine(exitDirectory, id), Path.Combine(persistDirectory, "exit"),
            Path.Combine(persistDirectory, "oom"), Path.Combine(bundleDirectory, "oom") })
            _ = Files.TryRemove(file);
        // The directory is made for each run: a removed container leaves none. conmon may put its last file there meanwhile.
        _ = Files.TryRemoveDirectory(persistDirectory);
    }

    /// <summary>Waits for a container's end.</summary>
    /// <param name="exitDirectory">The exit directory.</param>
    /// <param name="persistDirectory">The container's persist directory.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="conmon">conmon, which writes the file; null where it is gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The exit; null where conmon has ended and left no file: nobody knows then, or another process has taken the file
    /// (the exit command records it in the state before it removes it).</returns>
    internal static ExitFile? Wait(string exitDirectory, string persistDirectory, string id, Pidfd? conmon, CancellationToken cancellationToken)
    {
        var watch = inotify_init1(CloseOnExec | NonBlocking);
        if (watch < 0)
            throw LinuxError.Create(LinuxError.Last, "watch", exitDirectory);
        try
        {
            if (inotify_add_watch(watch, exitDirectory, MovedTo) < 0)
                throw LinuxError.Create(LinuxError.Last, "watch", exitDirectory);
            while (true)
            {
                // First look, then wait: an end between the two makes the watch readable.
                if (Read(exitDirectory, persistDirectory, id) is { } exit)
                    return exit;
                if (conmon is null || conmon.WaitForExit(TimeSpan.Zero, default))
                    return Read(exitDirectory, persistDirectory, id);
                cancellationToken.ThrowIfCancellationRequested();
                Descriptors.WaitReadable([watch, conmon.DangerousGetHandle().ToInt32()], 100);
                Drain(watch);
            }
        }
        finally
        {
            Descriptors.Close(watch);
        }
    }

    /// <summary>As <see cref="Wait"/>, on a thread of its own.</summary>
    internal static Task<ExitFile?> WaitAsync(string exitDirectory, string persistDirectory, string id, Pidfd? conmon,
        CancellationToken cancellationToken) => Task.Factory.StartNew(
            () => Wait(exitDirectory, persistDirectory, id, conmon, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static ExitFile? ReadOne(string path)
    {
        // The file appears by rename: it is whole or absent.
        return Files.TryReadAll(path) is { } bytes && int.TryParse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture, out var code)
            ? new ExitFile(code, Files.TryStatus(path)?.Modified.ToDateTimeOffset() ?? DateTimeOffset.UtcNow) : null;
    }

    private static void Drain(int watch)
    {
        var buffer = stackalloc byte[4096];
        while (read(watch, buffer, 4096) > 0)
        {
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int descriptor, string path, uint mask);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nint length);
}
