using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <summary>Random bytes from the kernel (getrandom(2)). The framework's generator would load OpenSSL first, which takes longer than all
/// else that a list does.</summary>
internal static unsafe partial class Entropy
{
    /// <summary>Unpredictable bytes; at most 256 at once, which the kernel gives whole.</summary>
    internal static byte[] Bytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 256);
        var bytes = new byte[count];
        fixed (byte* buffer = bytes)
        {
            if (getrandom(buffer, count, 0) != count)
                throw LinuxError.Create(LinuxError.Last, "get random bytes from", "the kernel");
        }
        return bytes;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getrandom(byte* buffer, nint count, uint flags);
}
