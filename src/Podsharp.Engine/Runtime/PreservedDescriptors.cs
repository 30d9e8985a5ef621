using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Descriptors of the process that starts a container or a command in one, which that keeps under their numbers.</summary>
internal static class PreservedDescriptors
{
    private const int First = 3;

    /// <summary>How many numbers from 3 on the runtime leaves alone; those in between that were not asked for are closed.</summary>
    internal static int Count(IReadOnlyList<int> numbers) => numbers.Count == 0 ? 0 : numbers.Max() - First + 1;

    /// <summary>Refuses what can't be handed on.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void Check(IReadOnlyList<int> numbers)
    {
        foreach (var number in numbers)
        {
            if (number < First)
            {
                throw EngineErrors.InvalidArgument($"cannot preserve FD {number}, consider using the passthrough log-driver to pass STDIO streams into the container", $"{number}",
                    "give a number from 3 on");
            }
            if (!Descriptors.IsInherited(number))
            {
                throw EngineErrors.InvalidArgument($"file descriptor {number} is not available - the preserve-fds option requires that file descriptors must be passed", $"{number}",
                    "open it for the command, for example with 3<file");
            }
        }
    }

    /// <summary>Those that are open: a later start may come from a process that has none of them.</summary>
    internal static Dictionary<int, SafeHandle> Open(IReadOnlyList<int> numbers)
    {
        var descriptors = new Dictionary<int, SafeHandle>();
        foreach (var number in numbers)
        {
            if (Descriptors.IsInherited(number))
                descriptors[number] = new SafeFileHandle(number, ownsHandle: false);
        }
        return descriptors;
    }
}
