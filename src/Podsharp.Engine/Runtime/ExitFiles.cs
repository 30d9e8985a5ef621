using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Runtime;

/// <summary>The files by which conmon tells of a container's end: the exit code in the exit directory under the container's id and in its
/// persist directory as <c>exit</c>, and an empty file <c>oom</c> there when the kernel killed for want of memory.</summary>
internal static class ExitFiles
{
    private static readonly TimeSpan FirstTurn = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(20);

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

    /// <summary>Waits for the note about a process that has ended: conmon writes it a moment later.</summary>
    /// <remarks>The file is looked for, at growing intervals. A watch (inotify) would tell at once, but closing one makes the kernel
    /// wait for all its processors: 10 ms on the average, more than the whole rest of the wait.</remarks>
    /// <param name="exitDirectory">The exit directory.</param>
    /// <param name="persistDirectory">The container's persist directory.</param>
    /// <param name="id">The container's id.</param>
    /// <param name="conmon">conmon, which writes the file; null where it is gone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The exit; null where conmon has ended and left no file: nobody knows then, or another process has taken the file
    /// (the exit command records it in the state before it removes it).</returns>
    internal static ExitFile? Wait(string exitDirectory, string persistDirectory, string id, Pidfd? conmon, CancellationToken cancellationToken)
    {
        var turn = FirstTurn;
        while (true)
        {
            if (Read(exitDirectory, persistDirectory, id) is { } exit)
                return exit;
            if (conmon is null || Descriptors.WaitReadable(conmon.DangerousGetHandle().ToInt32(), turn))
                return Read(exitDirectory, persistDirectory, id);
            cancellationToken.ThrowIfCancellationRequested();
            turn = turn * 1.2 < LongestTurn ? turn * 1.2 : LongestTurn;
        }
    }

    private static ExitFile? ReadOne(string path)
    {
        // The file appears by rename: it is whole or absent.
        return Files.TryReadAll(path) is { } bytes && int.TryParse(Encoding.ASCII.GetString(bytes), CultureInfo.InvariantCulture, out var code)
            // conmon notes -1 for a container that it has killed at its timeout; to podman this, too, is a code of eight bits.
            ? new ExitFile(code & 0xFF, Files.TryStatus(path)?.Modified.ToDateTimeOffset() ?? DateTimeOffset.UtcNow) : null;
    }
}
