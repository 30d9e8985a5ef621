using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Containers.Logs;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Starts conmon, which runs the OCI runtime and stays with the container: it keeps the terminal or pipes, writes the log,
/// serves attach, notes the exit code and runs the exit command.</summary>
internal sealed class Conmon(HostFacts facts)
{
    private const string SystemdRun = "/usr/bin/systemd-run";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Creates a container's process: it waits for <see cref="OciRuntime.Start"/>.</summary>
    /// <exception cref="ContainerEngineException">CommandNotFound, CommandNotExecutable or Runtime with the runtime's own words.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. conmon was ended; what the runtime made is the caller's to delete
    /// (<see cref="OciRuntime.Delete"/> by force).</exception>
    internal ConmonResult Create(ConmonLaunch launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var prepared = Prepare(launch);
        return prepared.Create(cancellationToken);
    }

    /// <summary>Starts conmon ahead of time: it waits while the caller writes config.json, mounts and connects networks. Its start and its
    /// move to another control group (for which the kernel takes milliseconds) then cost nothing.</summary>
    internal PreparedConmon Prepare(ConmonLaunch launch)
    {
        // Left from an earlier start, they would be taken for this one's.
        _ = Files.TryRemove(launch.OciLog);
        _ = Files.TryRemove(launch.ConmonPidFile);
        var (sync, syncChild) = Sockets.Pair();
        var (start, startChild) = Sockets.Pair();
        try
        {
            var first = Spawn(launch, syncChild, startChild);
            var move = launch.ConmonCgroup is { } group
                ? Task.Run(() => CgroupTree.Move(facts.Cgroups, first, group)) : Task.FromResult<string?>(null);
            return new PreparedConmon(launch, first, sync, start, move);
        }
        catch
        {
            sync.Dispose();
            start.Dispose();
            throw;
        }
    }

    /// <summary>Lets conmon go on: it waits for a byte, so that it is in its own group before it has children.</summary>
    internal static void Release(SafeHandle start) => Descriptors.Write(start, [0]);

    /// <summary>Waits for conmon's next message; null where it ended without one.</summary>
    internal static SyncMessage? ReadMessage(SafeFileHandle sync, int conmon, CancellationToken cancellationToken)
    {
        var buffer = new byte[16384];
        var end = DateTime.UtcNow + Patience;
        try
        {
            while (!Descriptors.WaitReadable(sync.DangerousGetHandle().ToInt32(), 100))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (DateTime.UtcNow > end)
                    throw new ContainerEngineException(ErrorKind.Timeout, "RuntimeTimeout", $"the OCI runtime did not answer in {Patience.TotalMinutes} minutes");
            }
        }
        catch
        {
            Processes.Kill(conmon, Signals.Kill);
            throw;
        }
        return SyncMessage.Parse(buffer.AsSpan(0, Descriptors.Read(sync, buffer)));
    }

    /// <summary>The number in a pid file; 0 where it can't be read.</summary>
    internal static int ReadPid(string file) =>
        int.TryParse(HostFiles.ReadLine(file), System.Globalization.CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    /// <summary>conmon itself failed, before the runtime had its turn.</summary>
    internal static ContainerEngineException ConmonFailed(string id, string log, string runtime) =>
        RuntimeErrors.LastError(log) is null
            ? new ContainerEngineException(ErrorKind.Runtime, "ConmonFailed", "conmon failed to start the container", id,
                "see the system's log for conmon's message (journalctl -t conmon)")
            : RuntimeErrors.FromLog(runtime, id, log, null);

    private static int Spawn(ConmonLaunch launch, SafeFileHandle sync, SafeFileHandle start)
    {
        using (sync)
        using (start)
        {
            // What is the container's stands first: the runtime counts it from 3 on.
            var descriptors = PreservedDescriptors.Open(launch.PreservedDescriptors);
            var next = 3 + PreservedDescriptors.Count(launch.PreservedDescriptors);
            var (syncNumber, startNumber) = (next++, next++);
            descriptors[syncNumber] = sync;
            descriptors[startNumber] = start;
            if (LogSettings.PassesStreams(launch.LogDriver))
            {
                // No attach socket, no copy: the container writes where this process writes.
                for (var stream = 0; stream <= 2; stream++)
                    descriptors[stream] = new SafeFileHandle(stream, ownsHandle: false);
            }
            // conmon closes what it holds above its own pipes only when the container has ended.
            foreach (var held in launch.Held)
                descriptors[next++] = held;
            var arguments = ConmonArguments.ForCreate(launch);
            // systemd-run makes the scope of itself and becomes conmon: no moment outside, and all descriptors stay.
            if (launch.ConmonSlice is { } slice)
                arguments.InsertRange(0, [SystemdRun, "--quiet", "--scope", "--collect", $"--description=conmon of container {launch.Name}", "--unit=" + SystemdCgroups.NewConmonScope(launch.ContainerId), "--slice=" + slice, "--"]);
            return Processes.Spawn(new SpawnRequest
            {
                Path = launch.ConmonSlice is null ? launch.ConmonPath : SystemdRun,
                Arguments = arguments,
                Environment = [.. launch.Environment, $"_OCI_SYNCPIPE={syncNumber}", $"_OCI_STARTPIPE={startNumber}"],
                Descriptors = descriptors,
                WorkingDirectory = launch.BundleDirectory,
            });
        }
    }
}
