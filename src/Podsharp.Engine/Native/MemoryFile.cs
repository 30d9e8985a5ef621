using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>A file in memory that takes a child's output: unlike a pipe it can't fill up, and needs no reader while the child runs
/// (memfd_create(2)).</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;

    /// <summary>Makes an empty one.</summary>
    internal static SafeFileHandle Create(string name)
    {
        var descriptor = memfd_create(name, CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, true) : throw LinuxError.Create(LinuxError.Last, "make a memory file", null);
    }

    /// <summary>Everything that was written, as text.</summary>
    internal static string ReadText(SafeFileHandle file) => Encoding.UTF8.GetString(Read(file));

    /// <summary>Everything that was written, a megabyte at most.</summary>
    internal static byte[] Read(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        var bytes = new byte[Math.Min(length, 1 << 20)];
        var got = RandomAccess.Read(file, bytes, 0);
        return bytes[..got];
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
