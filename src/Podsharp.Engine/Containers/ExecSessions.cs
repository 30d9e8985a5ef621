using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Engine.Runtime;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Commands in running containers.</summary>
internal sealed class ExecSessions(EngineParts parts)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Defines a command.</summary>
    public ExecSession Create(string nameOrId, ExecSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Command.Count == 0)
            throw EngineErrors.InvalidArgument("no command was given to run in the container", nameOrId);
        PreservedDescriptors.Check(spec.PreserveDescriptors);
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            RequireRunning(record);
            var id = ContainerNames.NewId();
            parts.Database.Write(Durability.Boot, (connection, transaction) =>
                ExecTable.Insert(connection, transaction, id, record.Id, spec, parts.Host.BootId), cancellationToken);
            return new() { Id = id, ContainerId = record.Id, Spec = spec };
        }
    }

    /// <summary>Starts it and connects to its streams.</summary>
    public ContainerStream Start(string execId, AttachOptions options, CancellationToken cancellationToken)
    {
        var exec = Get(execId);
        if (exec.State != ExecState.Created)
            throw EngineErrors.InvalidState(execId, $"the exec session {execId[..12]} was started before");
        var (held, record) = parts.Settler.Acquire(exec.ContainerId, cancellationToken);
        using (held)
            RequireRunning(record);
        // Not under the lock: a command may be started while the container is being stopped, and fails then by itself.
        var launch = Launch(record, exec, options);
        try
        {
            var connection = new Exec(parts.Host).Start(launch, cancellationToken);
            Update(exec with { State = ExecState.Running, Pid = connection.Pid, PidStart = connection.PidStartTime });
            parts.Containers.Log(record, "exec", null);
            return connection.Stream is { } stream ? stream : new EndedStream();
        }
        catch (Exception e)
        {
            Update(exec with { State = ExecState.Ended, ExitCode = e is ContainerEngineException error ? ExitCodeOf(error) : -1 });
            RemoveDirectory(exec);
            throw;
        }
    }

    /// <summary>Its state.</summary>
    public ExecSession Inspect(string execId) => Settle(Get(execId)).ToModel();

    /// <summary>Waits for its end.</summary>
    public int Wait(string execId, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var exec = Settle(Get(execId));
            if (exec.State == ExecState.Ended)
                return exec.ExitCode ?? -1;
            var process = exec.State == ExecState.Running ? Pidfd.Open(exec.Pid, exec.PidStart) : null;
            using (process)
            {
                if (process is null)
                    cancellationToken.WaitHandle.WaitOne(Poll);
                else
                    process.WaitForExit(null, cancellationToken);
            }
        }
    }

    /// <summary>Forgets one that has ended.</summary>
    public void Remove(string execId)
    {
        var exec = Settle(Get(execId));
        if (exec.State == ExecState.Running)
            throw EngineErrors.InvalidState(execId, $"the exec session {execId[..12]} is running", "wait for its end");
        RemoveDirectory(exec);
        parts.Database.Write(Durability.Boot, (connection, transaction) => ExecTable.Delete(connection, transaction, execId));
    }

    /// <summary>What its conmon's exit command asks for.</summary>
    public void Cleanup(string execId, bool remove)
    {
        if (Find(execId) is not { } exec)
            return;
        exec = Settle(exec);
        if (remove && exec.State == ExecState.Ended)
            Remove(execId);
    }

    private static int ExitCodeOf(ContainerEngineException error) => error.Kind switch
    {
        ErrorKind.CommandNotFound => 127,
        ErrorKind.CommandNotExecutable => 126,
        _ => 125,
    };

    private ExecRecord? Find(string id) => parts.Database.Exists ? parts.Database.Read(connection => ExecTable.Find(connection, id)) : null;

    private ExecRecord Get(string id) => Find(id)
        ?? throw new ContainerEngineException(ErrorKind.NotFound, "ExecNotFound", $"no exec session with ID {id} found: no such exec session", id);

    private void Update(ExecRecord record) =>
        parts.Database.Write(Durability.Boot, (connection, transaction) => ExecTable.Update(connection, transaction, record));

    /// <summary>Notices its end: conmon's exit file tells the code.</summary>
    private ExecRecord Settle(ExecRecord exec)
    {
        if (exec.State != ExecState.Running)
            return exec;
        var directory = Directory(exec);
        var exit = ExitFiles.Read(Path.Combine(directory, "exit"), Path.Combine(directory, "persist", exec.ContainerId), exec.ContainerId);
        var sameBoot = exec.Boot == parts.Host.BootId;
        if (exit is null && sameBoot && ProcessTable.IsAlive(exec.Pid, exec.PidStart))
            return exec;
        if (exit is null && sameBoot)
        {
            var conmon = Conmon.ReadPid(Path.Combine(directory, "conmon.pid"));
            using var watcher = Pidfd.Open(conmon);
            exit = ExitFiles.Wait(Path.Combine(directory, "exit"), Path.Combine(directory, "persist", exec.ContainerId), exec.ContainerId, watcher,
                CancellationToken.None);
        }
        // Another process may have been quicker: its word stands.
        if (Find(exec.Id) is { State: ExecState.Ended } settled)
            return settled;
        var ended = exec with { State = ExecState.Ended, ExitCode = exit?.ExitCode ?? -1 };
        Update(ended);
        if (parts.Containers.Find(exec.ContainerId) is { } record)
            parts.Containers.Log(record, "exec_died", ended.ExitCode);
        RemoveDirectory(exec);
        return ended;
    }

    private ExecLaunch Launch(ContainerRecord record, ExecRecord exec, AttachOptions options) => new()
    {
        ConmonPath = parts.Components.Conmon,
        RuntimePath = record.Config.RuntimePath,
        RuntimeFlags = parts.RuntimeFlagsOf(record.Config),
        ContainerId = record.Id,
        Name = record.Name,
        SessionId = exec.Id,
        SessionDirectory = Directory(exec),
        Process = parts.Bundles.ExecProcess(record, exec.Spec, options.Size),
        Terminal = exec.Spec.Terminal,
        Input = exec.Spec.Input,
        PreservedDescriptors = exec.Spec.PreserveDescriptors,
        Attach = !exec.Spec.Detached,
        AttachOptions = options,
        // An attached one is seen to by whoever waits for it; a detached one by nobody else.
        ExitCommand = exec.Spec.Detached ? parts.Bundles.ExitCommand(record, "--exec", exec.Id, "--rm") : [],
        Environment = parts.ChildEnvironment,
        // systemd's: beside the container's own conmon.
        ConmonCgroup = record.Config.CgroupSlice.Length > 0 ? ConmonGroupOf(record.ConmonPid) : record.Config.ConmonCgroup() ?? CgroupPaths.Conmon,
    };

    private static string? ConmonGroupOf(int conmon) => CgroupTree.GroupsOf(conmon).GetValueOrDefault("");

    private string Directory(ExecRecord exec) => Path.Combine(parts.Storage.RunDirectory(exec.ContainerId), exec.Id);

    private void RemoveDirectory(ExecRecord exec)
    {
        var directory = Directory(exec);
        if (System.IO.Directory.Exists(directory))
            Files.RemoveTree(directory);
    }

    private static void RequireRunning(ContainerRecord record)
    {
        if (record.State is not (ContainerState.Running or ContainerState.Stopping))
            throw EngineErrors.InvalidState(record.Id,
                $"can't run a command in container {record.Name}: it is {record.State.ToString().ToLowerInvariant()}, not running",
                record.State == ContainerState.Paused ? "resume it first" : "start it first");
    }
}
