using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Model;

namespace Podsharp.Engine.Native;

/// <summary>A program to start and all that it gets: nothing of the calling process but its credentials, limits and namespaces.</summary>
internal sealed record SpawnRequest
{
    /// <summary>Absolute path of the program.</summary>
    internal required string Path { get; init; }

    /// <summary>The arguments, first the program's own name.</summary>
    internal required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment, NAME=value.</summary>
    internal IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Our descriptor for each number in the child. 0, 1 and 2 are /dev/null where they are absent; all others are closed.</summary>
    internal IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>The working directory.</summary>
    internal string WorkingDirectory { get; init; } = "/";

    /// <summary>A session of its own; else a process group of its own.</summary>
    internal bool NewSession { get; init; }
}

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its exit code; 128+n after signal n; null where another part of this process reaped it.</param>
internal readonly record struct ProcessEnd(int? ExitCode)
{
    /// <summary>Whether it ended well as far as can be known.</summary>
    internal bool Succeeded => ExitCode is null or 0;
}

/// <summary>Starts programs with posix_spawn(3).</summary>
/// <remarks>.NET's own Process can't pass descriptors, hands on the signals that .NET ignores (SIGPIPE) and the environment, and its
/// descriptors leak where others forgot close-on-exec. Its SIGCHLD handler only reaps the children it knows (unless SIGCHLD was ignored
/// when the process started: then an exit code may be lost, see <see cref="ProcessEnd"/>).</remarks>
internal static unsafe partial class Processes
{
    private const short SpawnSetProcessGroup = 0x02;
    private const short SpawnSetDefaultSignals = 0x04;
    private const short SpawnSetSignalMask = 0x08;
    private const short SpawnSetSession = 0x80;
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int ReadWrite = 2;
    private const uint ContainerToolUmask = 0x12; // 0022

    /// <summary>Starts a program.</summary>
    /// <returns>Its process id; the caller must wait for it (<see cref="Wait"/>).</returns>
    /// <exception cref="ContainerEngineException">It can't be started.</exception>
    internal static int Spawn(SpawnRequest request)
    {
        // conmon and the runtimes make directories and files whose modes matter, and there is no spawn attribute for the umask: where
        // the host process has another one, a thread of its own file system context starts the child.
        return FileSystemContext.Umask() == ContainerToolUmask
            ? SpawnHere(request)
            : FileSystemContext.Run(ContainerToolUmask, () => SpawnHere(request));
    }

    /// <summary>Waits for the end of a child.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the child goes on and is reaped in the background.</exception>
    /// <exception cref="TimeoutException">It did not end in time; likewise.</exception>
    internal static ProcessEnd Wait(int pid, CancellationToken cancellationToken = default, TimeSpan? timeout = null)
    {
        if (cancellationToken.CanBeCanceled || timeout is not null)
            WaitReady(pid, cancellationToken, timeout);
        return Reap(pid, 0) ?? new ProcessEnd(null);
    }

    /// <summary>The end of a child, or null while it runs.</summary>
    internal static ProcessEnd? TryWait(int pid) => Reap(pid, 1 /* WNOHANG */);

    /// <summary>Sends a signal; false where there is no such process.</summary>
    internal static bool Kill(int pid, int signal) => pid > 0 && kill(pid, signal) == 0;

    /// <summary>Sends a signal to a child and all that it started and that is still of its group (each child leads one).</summary>
    internal static bool KillGroup(int pid, int signal) => pid > 0 && kill(-pid, signal) == 0;

    /// <summary>Whether a process (not a zombie's reaped remains) exists.</summary>
    internal static bool Exists(int pid) => pid > 0 && (kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != (int)Errno.NoProcess);

    private static void WaitReady(int pid, CancellationToken cancellationToken, TimeSpan? timeout)
    {
        using var handle = Pidfd.Open(pid);
        if (handle is null)
            return;
        try
        {
            if (!handle.WaitForExit(timeout, cancellationToken))
                throw new TimeoutException($"process {pid} did not end in {timeout}");
        }
        catch
        {
            new Thread(() => Reap(pid, 0)) { IsBackground = true, Name = "podsharp reaper" }.Start();
            throw;
        }
    }

    private static ProcessEnd? Reap(int pid, int options)
    {
        while (true)
        {
            int status;
            var got = waitpid(pid, &status, options);
            if (got == pid)
                return new ProcessEnd((status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f));
            if (got == 0)
                return null;
            if (Marshal.GetLastPInvokeError() != (int)Errno.Interrupted)
                return new ProcessEnd(null);
        }
    }

    private static int SpawnHere(SpawnRequest request)
    {
        var duplicates = new List<int>();
        // Opaque structures: 336 and 80 bytes in glibc, and a sigset_t of 128 bytes; musl's are not larger.
        var attributes = stackalloc byte[512];
        var actions = stackalloc byte[512];
        Check(posix_spawnattr_init(attributes), "prepare", request.Path);
        Check(posix_spawn_file_actions_init(actions), "prepare", request.Path);
        try
        {
            SetAttributes(attributes, request);
            AddActions(actions, request, duplicates);
            using var arguments = new CStringArray(request.Arguments);
            using var environment = new CStringArray(request.Environment);
            int pid;
            var error = posix_spawn(&pid, request.Path, actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? pid : throw LinuxError.Create((Errno)error, "start", request.Path);
        }
        finally
        {
            foreach (var descriptor in duplicates)
                close(descriptor);
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
        }
    }

    private static void SetAttributes(byte* attributes, SpawnRequest request)
    {
        var signals = stackalloc byte[128];
        new Span<byte>(signals, 128).Clear();
        Check(posix_spawnattr_setsigmask(attributes, signals), "prepare", request.Path);
        new Span<byte>(signals, 8).Fill(0xff);
        signals[1] &= 0xfe; // SIGKILL (9) and SIGSTOP (19) can't be set
        signals[2] &= 0xfb;
        Check(posix_spawnattr_setsigdefault(attributes, signals), "prepare", request.Path);
        Check(posix_spawnattr_setpgroup(attributes, 0), "prepare", request.Path);
        var group = request.NewSession ? SpawnSetSession : SpawnSetProcessGroup;
        Check(posix_spawnattr_setflags(attributes, (short)(SpawnSetDefaultSignals | SpawnSetSignalMask | group)), "prepare", request.Path);
    }

    private static void AddActions(byte* actions, SpawnRequest request, List<int> duplicates)
    {
        var last = 2;
        foreach (var number in request.Descriptors.Keys) last = Math.Max(last, number);
        for (var number = 0; number <= last; number++)
        {
            if (request.Descriptors.TryGetValue(number, out var source))
            {
                // A source below the highest target could be overwritten by an earlier action: work on a copy above them.
                var copy = fcntl(source.DangerousGetHandle().ToInt32(), DuplicateCloseOnExec, last + 1);
                if (copy < 0)
                    throw LinuxError.Create(LinuxError.Last, "hand a descriptor to", request.Path);
                duplicates.Add(copy);
                Check(posix_spawn_file_actions_adddup2(actions, copy, number), "prepare", request.Path);
            }
            else if (number > 2)
            {
                // One that we were given without close-on-exec. One that isn't open is no error.
                Check(posix_spawn_file_actions_addclose(actions, number), "prepare", request.Path);
            }
            else
            {
                Check(posix_spawn_file_actions_addopen(actions, number, "/dev/null", ReadWrite, 0), "prepare", request.Path);
            }
        }
        Check(posix_spawn_file_actions_addclosefrom_np(actions, last + 1), "prepare", request.Path);
        Check(posix_spawn_file_actions_addchdir_np(actions, request.WorkingDirectory), "prepare", request.Path);
        GC.KeepAlive(request);
    }

    private static void Check(int error, string action, string path) => LinuxError.Check((Errno)error, action, path);

    /// <summary>A null-terminated array of UTF-8 strings in one block.</summary>
    private readonly struct CStringArray : IDisposable
    {
        internal CStringArray(IReadOnlyList<string> values)
        {
            var size = (values.Count + 1) * sizeof(byte*);
            foreach (var value in values)
                size += Encoding.UTF8.GetByteCount(value) + 1;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)size);
            var text = (byte*)(Pointer + values.Count + 1);
            for (var i = 0; i < values.Count; i++)
            {
                Pointer[i] = text;
                var length = Encoding.UTF8.GetByteCount(values[i]);
                text += Encoding.UTF8.GetBytes(values[i], new Span<byte>(text, length)) + 1;
            }
        }

        internal byte** Pointer { get; }

        public void Dispose() => NativeMemory.Free(Pointer);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setpgroup(byte* attributes, int group);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int source, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclose(byte* actions, int target);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* pid, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
