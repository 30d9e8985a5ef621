using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Podsharp.Engine.Native;

/// <summary>A user namespace, and where wanted a network namespace that it owns, held by descriptors.</summary>
/// <remarks>A process of many threads can neither enter nor make one for itself. A child is made in it, whose maps are written and whose
/// namespaces are opened; then it is killed, a millisecond later. It runs nothing but libc's sleep, which ends it should this process be killed.
/// It shares our descriptors rather than having copies: locks must not live on in it.</remarks>
internal sealed unsafe partial class UserNamespace : IDisposable
{
    private const int ShareFiles = 0x400;          // CLONE_FILES
    private const int NewUser = 0x10000000;        // CLONE_NEWUSER
    private const int WaitForAnyKind = 0x40000000; // __WALL: the child's end sends no signal
    private const int StackSize = 64 << 10;
    private const nint Seconds = 2;

    private UserNamespace(SafeFileHandle user, SafeFileHandle? network)
    {
        User = user;
        Network = network;
    }

    /// <summary>The user namespace.</summary>
    internal SafeFileHandle User { get; }

    /// <summary>The network namespace, if one was wanted.</summary>
    internal SafeFileHandle? Network { get; }

    /// <summary>A path of the user namespace for other programs, as long as this object lives.</summary>
    internal string Path => PathOf(User);

    /// <summary>A path of the network namespace.</summary>
    internal string NetworkPath => PathOf(Network!);

    /// <summary>Makes one.</summary>
    /// <param name="userMap">Lines as /proc/PID/uid_map takes them.</param>
    /// <param name="groupMap">The same for groups.</param>
    /// <param name="network">With a network namespace.</param>
    /// <exception cref="LinuxException">The kernel refused the namespace or a map.</exception>
    internal static UserNamespace Create(string userMap, string groupMap, bool network)
    {
        var child = Start(NewUser | (network ? Namespaces.NewNetwork : 0));
        try
        {
            var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{child}/");
            WriteMap(directory + "uid_map", userMap);
            WriteMap(directory + "gid_map", groupMap);
            var user = Files.Open(directory + "ns/user", OpenFlags.ReadOnly);
            try
            {
                return new UserNamespace(user, network ? Files.Open(directory + "ns/net", OpenFlags.ReadOnly) : null);
            }
            catch
            {
                user.Dispose();
                throw;
            }
        }
        finally
        {
            _ = kill(child, 9);
            while (waitpid(child, null, WaitForAnyKind) < 0 && LinuxError.Last == Errno.Interrupted)
            {
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        User.Dispose();
        Network?.Dispose();
    }

    private static string PathOf(SafeFileHandle handle) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{(int)handle.DangerousGetHandle()}");

    // On a thread of its own whose signals are all blocked: the child has its mask, and must run no handler of ours.
    private static int Start(int flags) => DedicatedThread.Run(0, () =>
    {
        var sleep = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "sleep");
        var stack = (byte*)NativeMemory.AlignedAlloc(StackSize, 16);
        try
        {
            var all = stackalloc byte[128];
            new Span<byte>(all, 128).Fill(0xFF);
            _ = pthread_sigmask(0 /* SIG_BLOCK */, all, null);
            // The child has a copy of the memory, this stack too.
            var child = clone(sleep, stack + StackSize, flags | ShareFiles, Seconds);
            return child > 0 ? child : throw LinuxError.Create(LinuxError.Last, "make a user namespace", null);
        }
        finally
        {
            NativeMemory.AlignedFree(stack);
        }
    });

    private static void WriteMap(string path, string map)
    {
        // In one piece: the kernel takes a map only once.
        using var file = Files.Open(path, OpenFlags.WriteOnly);
        Descriptors.Write(file, Encoding.ASCII.GetBytes(map));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clone(nint function, byte* stack, int flags, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int process, int* status, int options);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte* set, byte* old);
}
