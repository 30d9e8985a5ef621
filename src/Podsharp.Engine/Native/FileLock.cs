using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Model;

namespace Podsharp.Engine.Native;

/// <summary>How a lock file is held.</summary>
internal enum LockMode : short
{
    /// <summary>Many holders at once (F_RDLCK).</summary>
    Shared = 0,
    /// <summary>One holder (F_WRLCK).</summary>
    Exclusive = 1,
}

/// <summary>A lock on a whole file that belongs to one open file description (F_OFD_SETLK, fcntl(2)).</summary>
/// <remarks>
/// It excludes the classic record locks that podman takes on the same files, and other holders in this process; the kernel
/// frees it when its holder dies; and, unlike the classic kind, closing another descriptor of the file doesn't drop it.
/// A file that was unlinked or replaced while we waited is not the lock any more: the path is compared after the lock is got.
/// </remarks>
internal sealed partial class FileLock : IDisposable
{
    private const int SetLock = 37; // F_OFD_SETLK
    private const int SetLockWait = 38; // F_OFD_SETLKW

    private FileLock(SafeFileHandle handle, string path, LockMode mode)
    {
        Handle = handle;
        Path = path;
        Mode = mode;
    }

    /// <summary>The lock file, open for reading, and for writing unless the lock is shared on a read-only store.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>The lock file's absolute path.</summary>
    internal string Path { get; }

    /// <summary>How it is held.</summary>
    internal LockMode Mode { get; }

    /// <summary>Takes the lock, waiting as long as needed; makes the file when it is missing.</summary>
    /// <param name="path">The lock file's absolute path.</param>
    /// <param name="mode">Shared or exclusive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="fileMode">Permissions of a file that is made.</param>
    internal static FileLock Acquire(string path, LockMode mode, CancellationToken cancellationToken = default, uint fileMode = 0x1A4)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var handle = OpenLockFile(path, create: true, fileMode);
            try
            {
                if (!TrySet(handle, mode, path))
                {
                    if (cancellationToken.CanBeCanceled)
                        WaitOnThreadAsync(handle, mode, path, cancellationToken).GetAwaiter().GetResult();
                    else
                        Wait(handle, mode, path);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                handle.Dispose();
                throw;
            }
            if (IsStillAt(handle, path))
                return new FileLock(handle, path, mode);
            handle.Dispose();
        }
    }

    /// <summary>Takes the lock without blocking the calling thread.</summary>
    internal static async Task<FileLock> AcquireAsync(string path, LockMode mode, CancellationToken cancellationToken = default,
        uint fileMode = 0x1A4)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var handle = OpenLockFile(path, create: true, fileMode);
            try
            {
                if (!TrySet(handle, mode, path))
                    await WaitOnThreadAsync(handle, mode, path, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                handle.Dispose();
                throw;
            }
            if (IsStillAt(handle, path))
                return new FileLock(handle, path, mode);
            handle.Dispose();
        }
    }

    /// <summary>Takes the lock if it is free.</summary>
    /// <returns>Null when somebody else holds it.</returns>
    /// <param name="path">The lock file's absolute path.</param>
    /// <param name="mode">Shared or exclusive.</param>
    /// <param name="create">Whether a missing file is made; otherwise a missing file is an error of kind NotFound.</param>
    /// <param name="fileMode">Permissions of a file that is made.</param>
    internal static FileLock? TryAcquire(string path, LockMode mode, bool create = true, uint fileMode = 0x1A4)
    {
        while (true)
        {
            var handle = OpenLockFile(path, create, fileMode);
            if (!TrySet(handle, mode, path))
            {
                handle.Dispose();
                return null;
            }
            if (IsStillAt(handle, path))
                return new FileLock(handle, path, mode);
            handle.Dispose();
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose()
    {
        if (Handle.IsClosed)
            return;
        // Explicitly: a child that is just being started shares the open file description until its exec, and
        // closing our descriptor alone would leave the lock with it for that time.
        var request = new Flock { Type = 2 /* F_UNLCK */ };
        fcntl(Handle, SetLock, request);
        Handle.Dispose();
    }

    private static SafeFileHandle OpenLockFile(string path, bool create, uint fileMode)
    {
        while (true)
        {
            var errno = Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadWrite, 0, out var handle);
            if (errno == Errno.NoEntry && create)
            {
                errno = Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, fileMode, out handle);
                if (errno == Errno.Exists)
                    continue; // somebody else was faster
                if (errno == Errno.None)
                    Files.ChangeMode(handle!, fileMode); // whatever the umask is
            }
            // A shared lock on a store that isn't ours to write.
            if (errno is Errno.ReadOnlyFileSystem or Errno.AccessDenied
                && Files.TryOpenAt(Files.Absolute, path, OpenFlags.ReadOnly, 0, out handle) == Errno.None)
                return handle!;
            LinuxError.Check(errno, "open the lock file", path);
            return handle!;
        }
    }

    private static bool IsStillAt(SafeFileHandle handle, string path) =>
        Files.TryStatus(path) is { } now && now.IsSameFile(Files.Status(handle));

    private static bool TrySet(SafeFileHandle handle, LockMode mode, string path)
    {
        var errno = Set(handle, mode, SetLock);
        if (errno is Errno.TryAgain or Errno.AccessDenied)
            return false;
        LinuxError.Check(errno, "lock", path);
        return true;
    }

    private static void Wait(SafeFileHandle handle, LockMode mode, string path)
    {
        Errno errno;
        do
            errno = Set(handle, mode, SetLockWait);
        while (errno == Errno.Interrupted);
        LinuxError.Check(errno, "lock", path);
    }

    private static async Task WaitOnThreadAsync(SafeFileHandle handle, LockMode mode, string path, CancellationToken cancellationToken)
    {
        var wait = new ThreadWait(handle, mode, path);
        try
        {
            await wait.Got.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            wait.Abandon(); // from here the waiting thread owns the handle, unless it has already delivered
            throw;
        }
    }

    private static Errno Set(SafeFileHandle handle, LockMode mode, int command)
    {
        var request = new Flock { Type = (short)mode };
        return fcntl(handle, command, request) < 0 ? LinuxError.Last : Errno.None;
    }

    // A wait in the kernel can only be broken by a signal, and signals of this process aren't ours. So it happens on a thread
    // that a cancelled caller simply leaves behind: it gets the lock when it can, sees that nobody wants it, and frees it.
    private sealed class ThreadWait
    {
        private const int Waiting = 0;
        private const int Delivered = 1;
        private const int Abandoned = 2;

        private readonly TaskCompletionSource got = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SafeFileHandle handle;
        private int state;

        internal ThreadWait(SafeFileHandle handle, LockMode mode, string path)
        {
            this.handle = handle;
            new Thread(() => Run(mode, path)) { IsBackground = true, Name = "podsharp lock wait" }.Start();
        }

        internal Task Got => got.Task;

        internal void Abandon()
        {
            if (Interlocked.CompareExchange(ref state, Abandoned, Waiting) == Delivered)
                handle.Dispose();
        }

        private void Run(LockMode mode, string path)
        {
            ContainerEngineException? failure = null;
            try
            {
                Wait(handle, mode, path);
            }
            catch (ContainerEngineException error)
            {
                failure = error;
            }
            if (Interlocked.CompareExchange(ref state, Delivered, Waiting) == Abandoned)
                handle.Dispose();
            else if (failure is null)
                got.SetResult();
            else
                got.SetException(failure);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, in Flock request);

    // struct flock of 64-bit Linux.
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct Flock
    {
        [FieldOffset(0)]
        public short Type;
        [FieldOffset(2)]
        public short Whence;
        [FieldOffset(8)]
        public long Start;
        [FieldOffset(16)]
        public long Length;
        [FieldOffset(24)]
        public int ProcessId;
    }
}
