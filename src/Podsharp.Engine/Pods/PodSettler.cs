using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Pods;

/// <summary>Finishes or undoes what a killed process began on pods.</summary>
internal sealed class PodSettler(EngineParts parts)
{
    /// <summary>Takes the pod's lock and returns the truth with it.</summary>
    /// <exception cref="ContainerEngineException">NotFound when there is no such pod (any more).</exception>
    public (FileLock Lock, PodRecord Record) Acquire(string nameOrId, CancellationToken cancellationToken)
    {
        var id = parts.Pods.Resolve(nameOrId);
        var held = parts.Pods.Lock(id, cancellationToken);
        try
        {
            var found = parts.Pods.FindLocked(id);
            return (held, (found is null ? null : Settle(found)) ?? throw EngineErrors.PodNotFound(nameOrId));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Settles every pod that nobody is at work on: before lists of pods or of their containers.</summary>
    public void SettleAll()
    {
        foreach (var record in parts.Pods.Unsettled())
        {
            using var held = parts.Pods.TryLock(record.Id);
            if (held is null)
                continue;
            try
            {
                if (parts.Pods.FindLocked(record.Id) is { } current)
                    Settle(current);
            }
            catch (Exception e) when (e is ContainerEngineException or IOException or UnauthorizedAccessException)
            {
                // One pod that can't be put in order must not hide the others; what is done with it itself says why.
            }
        }
    }

    /// <summary>The truth about a pod whose lock is held; null when it turns out to be gone.</summary>
    private PodRecord? Settle(PodRecord record)
    {
        switch (record.Intent)
        {
            case Intent.Create:
                parts.PodRemover.UndoCreation(record);
                return null;
            case Intent.Remove:
                parts.PodRemover.Finish(record);
                return null;
            default:
                return record;
        }
    }
}
