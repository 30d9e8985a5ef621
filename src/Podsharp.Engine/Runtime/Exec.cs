using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Runs commands in running containers, each with a conmon of its own.</summary>
internal sealed class Exec(HostFacts facts)
{
    private const uint PrivateDirectory = 0x1C0;
    private const uint PrivateFile = 0x180;

    /// <summary>Starts a command and, unless it is detached, connects to it before its program runs.</summary>
    /// <exception cref="ContainerEngineException">CommandNotFound, CommandNotExecutable or Runtime.</exception>
    internal ExecConnection Start(ExecLaunch launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Files.MakeDirectories(launch.ExitDirectory, PrivateDirectory, PrivateDirectory);
        Files.MakeDirectories(launch.PersistDirectory, PrivateDirectory, PrivateDirectory);
        Files.Replace(launch.ProcessFile, launch.Process, PrivateFile, false);
        var (sync, syncChild) = Sockets.Pair();
        var (start, startChild) = Sockets.Pair();
        var (attach, attachChild) = Sockets.Pair();
        AttachConnection? stream = null;
        try
        {
            var first = Spawn(launch, syncChild, startChild, attachChild);
            var warning = launch.ConmonCgroup is { } group ? CgroupTree.Move(facts.Cgroups, first, group) : null;
            Conmon.Release(start);
            if (!Processes.Wait(first).Succeeded)
                throw Conmon.ConmonFailed(launch.ContainerId, launch.OciLog, launch.RuntimePath);
            var conmon = Conmon.ReadPid(launch.ConmonPidFile);
            if (launch.Attach)
                stream = Connect(launch, attach, start, conmon, cancellationToken);
            var message = Conmon.ReadMessage(sync, conmon, cancellationToken);
            return message is { Data: > 0 } started
                ? new ExecConnection(launch, started.Data, conmon, stream, sync, warning)
                : throw RuntimeErrors.FromLog(launch.RuntimePath, launch.ContainerId, launch.OciLog, message?.Message);
        }
        catch
        {
            stream?.Close();
            sync.Dispose();
            throw;
        }
        finally
        {
            start.Dispose();
            attach.Dispose();
        }
    }

    // The attach pipe speaks first: its message says that the socket is there. A second start byte then lets the program run.
    private static AttachConnection Connect(ExecLaunch launch, SafeFileHandle attach, SafeFileHandle start, int conmon,
        CancellationToken cancellationToken)
    {
        if (Conmon.ReadMessage(attach, conmon, cancellationToken) is not { Data: >= 0 })
            throw RuntimeErrors.FromLog(launch.RuntimePath, launch.ContainerId, launch.OciLog, null);
        var stream = AttachConnection.Open(launch.SessionDirectory, launch.AttachOptions);
        Conmon.Release(start);
        return stream;
    }

    private static int Spawn(ExecLaunch launch, SafeFileHandle sync, SafeFileHandle start, SafeFileHandle attach)
    {
        using (sync)
        using (start)
        using (attach)
        {
            var descriptors = PreservedDescriptors.Open(launch.PreservedDescriptors);
            var first = 3 + PreservedDescriptors.Count(launch.PreservedDescriptors);
            descriptors[first] = sync;
            descriptors[first + 1] = start;
            descriptors[first + 2] = attach;
            return Processes.Spawn(new SpawnRequest
            {
                Path = launch.ConmonPath,
                Arguments = ConmonArguments.ForExec(launch),
                Environment = [.. launch.Environment, $"_OCI_SYNCPIPE={first}", $"_OCI_STARTPIPE={first + 1}", $"_OCI_ATTACHPIPE={first + 2}"],
                Descriptors = descriptors,
                WorkingDirectory = launch.SessionDirectory,
            });
        }
    }
}
