using System.Runtime.InteropServices;

namespace Podsharp.Engine.Native;

/// <content>Executing a program in place of this one.</content>
internal static unsafe partial class Processes
{
    private const int LastSignal = 31;

    /// <summary>As <see cref="Spawn"/>, on the calling thread, which has the right umask: one whose children get process ids of their own can start no other thread.</summary>
    internal static int SpawnInPlace(SpawnRequest request) => SpawnHere(request);

    /// <summary>Replaces this process by a program; the calling thread's root, user and namespaces are the program's.</summary>
    /// <exception cref="Podsharp.Model.ContainerEngineException">It can't be executed.</exception>
    internal static void Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        // What is ignored here (.NET ignores SIGPIPE) would be ignored there.
        for (var number = 1; number <= LastSignal; number++)
            _ = signal(number, 0);
        using var words = new CStringArray(arguments);
        using var variables = new CStringArray(environment);
        _ = execve(path, words.Pointer, variables.Pointer);
        throw LinuxError.Create(LinuxError.Last, "execute", path);
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, byte** arguments, byte** environment);
}
