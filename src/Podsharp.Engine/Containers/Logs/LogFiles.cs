using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers.Logs;

/// <summary>The files of one log: the one that is written, and before it those that conmon 2.2 has set aside as <c>.1</c>, <c>.2</c> and so on,
/// the higher the older.</summary>
internal static class LogFiles
{
    /// <summary>Opens them, oldest first.</summary>
    /// <param name="path">The file that is written.</param>
    /// <param name="after">Only those that are younger than this one, as it is now.</param>
    /// <remarks>From the youngest to the oldest, since files only move that way: what is set aside meanwhile is met again, never missed. In the
    /// midst of it one name is missing.</remarks>
    internal static List<SafeFileHandle> Open(string path, FileStatus? after = null)
    {
        var files = new List<SafeFileHandle>();
        var seen = new List<FileStatus>();
        for (int number = 0, missing = 0; missing < 2; number++)
        {
            if (Files.TryOpenAt(Files.Absolute, number == 0 ? path : $"{path}.{number}", OpenFlags.ReadOnly, 0, out var file) != Errno.None)
            {
                missing++;
                continue;
            }
            missing = 0;
            var status = Files.Status(file!);
            if (after is { } last && (status.IsSameFile(last) || IsOlder(status, last)))
            {
                file!.Dispose();
                break;
            }
            if (seen.Exists(other => other.IsSameFile(status)))
            {
                file!.Dispose();
                continue;
            }
            seen.Add(status);
            files.Insert(0, file!);
        }
        return files;
    }

    // Left from an earlier run, whose conmon set files aside while today's cuts the log.
    private static bool IsOlder(in FileStatus file, in FileStatus last) => file.Modified.ToDateTimeOffset() < last.Modified.ToDateTimeOffset();
}
