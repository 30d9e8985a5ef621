using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Host;

/// <summary>Small files of the kernel, read without ceremony: a fact that can't be read is absent, not an error.</summary>
internal static partial class HostFiles
{
    private const int WriteAccess = 2;

    /// <summary>The text of a file, or null where it can't be read.</summary>
    internal static string? ReadText(string path)
    {
        try
        {
            return Files.TryReadAll(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>The first line of a file without its line end, or an empty text.</summary>
    internal static string ReadLine(string path)
    {
        var text = ReadText(path) ?? "";
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    /// <summary>Whether the effective user may write there (faccessat(2) with AT_EACCESS).</summary>
    internal static bool IsWritable(string path) => faccessat(-100, path, WriteAccess, 0x200) == 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int faccessat(int directory, string path, int mode, int flags);
}
