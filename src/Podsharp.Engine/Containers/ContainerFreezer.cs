using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Freezes containers' processes and lets them go on, through the OCI runtime: it knows which freezer they are in.</summary>
internal sealed class ContainerFreezer(EngineParts parts)
{
    private const int Looks = 50;

    /// <summary>Freezes a running container.</summary>
    /// <exception cref="ContainerEngineException">InvalidState when it doesn't run, or is paused.</exception>
    public Container Pause(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.State == ContainerState.Paused)
                throw EngineErrors.InvalidState(record.Id, $"container {record.Name} is already paused");
            if (record.State != ContainerState.Running)
                throw EngineErrors.InvalidState(record.Id, $"can't pause container {record.Name}: it is {Word(record)}, not running", "start it first");
            record = parts.Containers.Commit(record with { Intent = Intent.Pause }, "pause-begin");
            Try(record, runtime => runtime.Pause(record.Id));
            StepPoints.Reach("container.pause.runtime");
            return parts.Lister.ToModel(parts.Containers.Commit(record with { Intent = null, State = ContainerState.Paused }, "pause", "pause"), lost: false);
        }
    }

    /// <summary>Lets a paused container go on.</summary>
    /// <exception cref="ContainerEngineException">InvalidState when it isn't paused.</exception>
    public Container Resume(string nameOrId, CancellationToken cancellationToken)
    {
        var (held, record) = parts.Settler.Acquire(nameOrId, cancellationToken);
        using (held)
        {
            if (record.State != ContainerState.Paused)
                throw EngineErrors.InvalidState(record.Id, $"container {record.Name} is not paused, it is {Word(record)}");
            return parts.Lister.ToModel(Thaw(record, "unpause"), lost: false);
        }
    }

    /// <summary>Lets a paused container whose lock is held go on, so that a signal it was sent reaches it: frozen processes of the v1
    /// freezer take none, not even SIGKILL. One that has ended of it is shown as running until the next look.</summary>
    public ContainerRecord Release(ContainerRecord record) => Thaw(record, status: null);

    /// <summary>What became of a <see cref="Intent.Pause"/> or <see cref="Intent.Resume"/> that was begun.</summary>
    public ContainerRecord Settle(ContainerRecord record)
    {
        var frozen = parts.RuntimeOf(record.Config).State(record.Id)?.Status == "paused";
        var changed = frozen != (record.State == ContainerState.Paused);
        return parts.Containers.Commit(record with { Intent = null, State = frozen ? ContainerState.Paused : ContainerState.Running },
            frozen ? "pause-found" : "unpause-found", !changed ? null : frozen ? "pause" : "unpause");
    }

    /// <summary>Freezes a running container, whose lock is held, for as long as its files are read. It counts as running all the while, nobody is
    /// told, and should we die, whoever looks next lets it go on.</summary>
    public ContainerRecord Hold(ContainerRecord record)
    {
        record = parts.Containers.Commit(record with { Intent = Intent.Hold }, "hold-begin");
        try
        {
            parts.RuntimeOf(record.Config).Pause(record.Id);
        }
        catch (ContainerEngineException) when (!ProcessTable.IsAlive(record.Pid, record.PidStart))
        {
            // It has just ended: nothing writes its files any more, which is all that was wanted.
        }
        catch
        {
            LetGo(record);
            throw;
        }
        StepPoints.Reach("container.hold.runtime");
        return record;
    }

    /// <summary>Freezes a container, whose lock is held, that CRIU is about to freeze: it looks at the freezer at once and then after a tenth of a second.</summary>
    public void Anticipate(ContainerRecord record)
    {
        var runtime = parts.RuntimeOf(record.Config);
        try
        {
            runtime.Pause(record.Id);
            // CRIU doesn't wait for what others have begun, and misses processes that come and go until all stand still.
            for (var look = 0; look < Looks; look++)
            {
                if (CgroupTree.IsFrozen(parts.Host.Cgroups, record.Config.CgroupPath))
                    return;
                Thread.Sleep(1);
            }
            runtime.Resume(record.Id);
        }
        catch (ContainerEngineException)
        {
            // Without control groups, or ended meanwhile: CRIU does what can be done, or says why not.
        }
    }

    /// <summary>Lets a container go on that was frozen in anticipation, without a word.</summary>
    public void Relent(ContainerRecord record)
    {
        try
        {
            parts.RuntimeOf(record.Config).Resume(record.Id);
        }
        catch (ContainerEngineException)
        {
            // It isn't frozen.
        }
    }

    /// <summary>Ends a <see cref="Hold"/>. A process that was killed meanwhile has nothing to go on with.</summary>
    public ContainerRecord LetGo(ContainerRecord record)
    {
        if (parts.RuntimeOf(record.Config).State(record.Id)?.Status == "paused")
            Try(record, runtime => runtime.Resume(record.Id));
        return parts.Containers.Commit(record with { Intent = null }, "hold");
    }

    private ContainerRecord Thaw(ContainerRecord record, string? status)
    {
        record = parts.Containers.Commit(record with { Intent = Intent.Resume }, "unpause-begin");
        Try(record, runtime => runtime.Resume(record.Id));
        StepPoints.Reach("container.unpause.runtime");
        return parts.Containers.Commit(record with { Intent = null, State = ContainerState.Running }, "unpause", status);
    }

    /// <summary>A refusal leaves the truth behind, not the intent. A process that has ended meanwhile is no refusal.</summary>
    private void Try(ContainerRecord record, Action<Runtime.OciRuntime> act)
    {
        try
        {
            act(parts.RuntimeOf(record.Config));
        }
        catch (ContainerEngineException) when (record.Intent is Intent.Resume or Intent.Hold && !ProcessTable.IsAlive(record.Pid, record.PidStart))
        {
        }
        catch (ContainerEngineException)
        {
            if (ProcessTable.IsAlive(record.Pid, record.PidStart))
                Settle(record);
            throw;
        }
    }

    private static string Word(ContainerRecord record) => record.State.ToString().ToLowerInvariant();
}
