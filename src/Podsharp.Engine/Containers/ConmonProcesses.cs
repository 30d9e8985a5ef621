using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers;

/// <summary>Finds conmon processes by what they watch. Only for undoing a set-up whose maker was killed before it could note their numbers.</summary>
internal static class ConmonProcesses
{
    private const int MostTurns = 50;
    private static readonly TimeSpan RuntimePatience = TimeSpan.FromSeconds(2);

    /// <summary>Ends every conmon that watches this container, so that none goes on creating it, and waits for what it has started.</summary>
    public static void Kill(string containerId)
    {
        // One that starts a program right now may show in neither place: look until nothing is found.
        for (var turn = 0; turn < MostTurns && EndAll(containerId); turn++)
        {
        }
    }

    private static bool EndAll(string id)
    {
        var found = false;
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry.AsSpan()), out var pid) || HostFiles.ReadText(entry + "/cmdline") is not { } line
                || !line.Contains(id, StringComparison.Ordinal) || Pidfd.Open(pid) is not { } process)
                continue;
            using (process)
                found |= End(process, pid, line);
        }
        return found;
    }

    private static bool End(Pidfd process, int pid, string line)
    {
        var arguments = line.Split('\0');
        if (arguments[0].EndsWith("conmon", StringComparison.Ordinal))
        {
            process.Signal(Signals.Kill);
            process.WaitForExit(TimeSpan.FromSeconds(2), CancellationToken.None);
            return true;
        }
        // The runtime's own creation: a whole one can be undone, one that was cut off leaves parts that the runtime doesn't know. crun's
        // first process in the container has the same arguments until it is started, but a PID namespace of its own.
        return arguments.Contains("create") && arguments.Contains("--bundle") && ContainerProcesses.SharesNamespace(pid, "pid")
            && process.WaitForExit(RuntimePatience, CancellationToken.None);
    }
}
