using System.Runtime.InteropServices;
using Podsharp.Model;

namespace Podsharp.Engine.Native;

/// <summary>The terminal of the calling process: raw mode and size.</summary>
internal static unsafe partial class Terminal
{
    private const int SizeRequest = 0x5413; // TIOCGWINSZ
    private const int AfterOutput = 1; // TCSADRAIN

    /// <summary>Whether a descriptor is a terminal.</summary>
    internal static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    /// <summary>The size of a terminal, or null where there is none.</summary>
    internal static TerminalSize? Size(int descriptor)
    {
        var size = stackalloc ushort[4];
        return ioctl(descriptor, SizeRequest, size) == 0 ? new TerminalSize(size[0], size[1]) : null;
    }

    /// <summary>Puts a terminal into raw mode until the result is disposed of; null where it isn't a terminal.</summary>
    internal static IDisposable? EnterRawMode(int descriptor) => Change(descriptor, cfmakeraw);

    /// <summary>Has a terminal not show what is typed, until the result is disposed of; null where it isn't a terminal. Lines and Ctrl+C work as before.</summary>
    internal static IDisposable? HideInput(int descriptor) => Change(descriptor, attributes =>
    {
        // struct termios: four words of flags, of which the last are the local ones (termbits.h, generic).
        var local = (uint*)attributes + 3;
        *local &= ~8u; // ECHO
    });

    private delegate void Setting(byte* attributes);

    private static RestoredMode? Change(int descriptor, Setting change)
    {
        // struct termios is 60 bytes in glibc and musl.
        var saved = new byte[128];
        fixed (byte* before = saved)
        {
            if (tcgetattr(descriptor, before) != 0)
                return null;
            var changed = stackalloc byte[128];
            new ReadOnlySpan<byte>(before, 128).CopyTo(new Span<byte>(changed, 128));
            change(changed);
            if (tcsetattr(descriptor, AfterOutput, changed) != 0)
                throw LinuxError.Create(LinuxError.Last, "change the terminal's mode", null);
        }
        return new RestoredMode(descriptor, saved);
    }

    private sealed class RestoredMode(int descriptor, byte[] saved) : IDisposable
    {
        private byte[]? saved = saved;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref saved, null) is { } before)
            {
                fixed (byte* bytes = before)
                    _ = tcsetattr(descriptor, AfterOutput, bytes);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int descriptor, byte* attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int descriptor, int when, byte* attributes);

    [LibraryImport("libc")]
    private static partial void cfmakeraw(byte* attributes);
}
