using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>When a restart policy starts a container again: the rules, without a clock or a file.</summary>
internal static class RestartSchedule
{
    /// <summary>The pause before the first restart; each further one is twice as long.</summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>What has been up for so long begins with the first pause again.</summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>The record with its next start, if its end asks for one.</summary>
    /// <param name="record">As it was before its end: one that was asked to stop is not started again, whoever asked but its health checks.</param>
    /// <param name="exitCode">How it ended.</param>
    /// <param name="end">When it ended.</param>
    public static ContainerRecord AfterEnd(ContainerRecord record, int exitCode, DateTimeOffset end)
    {
        // It was set up and never ran: a restart that had come so far is tried again when that is due.
        if (record.State == ContainerState.Initialized)
            return record;
        if ((record.State == ContainerState.Stopping && !WantedByHealth(record)) || !Wants(record, exitCode))
            return Off(record);
        var delay = end - record.Started >= LongEnough ? FirstDelay : record.RestartDelay ?? FirstDelay;
        return record with { NextStart = end + delay, RestartDelay = Double(delay) };
    }

    /// <summary>The record at the beginning of a restart. The next try is written down already: one that fails, or whose process is killed, is
    /// followed by it; a start that succeeds takes it back.</summary>
    public static ContainerRecord Begin(ContainerRecord record, DateTimeOffset now)
    {
        var delay = record.RestartDelay ?? FirstDelay;
        var counted = record with { RestartCount = record.RestartCount + 1 };
        return Exhausted(counted) ? counted with { NextStart = null } : counted with { NextStart = now + delay, RestartDelay = Double(delay) };
    }

    /// <summary>The record without a next start.</summary>
    public static ContainerRecord Off(ContainerRecord record) => record with { NextStart = null, RestartDelay = null };

    /// <summary>Whether the policy, or a health check, wants a container that ended so to be started again.</summary>
    public static bool Wants(ContainerRecord record, int exitCode) => !record.StoppedByUser && (WantedByHealth(record) || record.Config.Spec.RestartPolicy.Kind switch
    {
        RestartPolicyKind.Always or RestartPolicyKind.UnlessStopped => true,
        RestartPolicyKind.OnFailure => exitCode != 0 && !Exhausted(record),
        _ => false,
    });

    // Its health checks have had it stopped: it is started again whatever its policy says.
    private static bool WantedByHealth(ContainerRecord record) => record.Health is { RestartWanted: true };

    /// <summary>Whether a container is to be started after a reboot. One that was never started isn't, nor one that waits in a checkpoint: started anew, it
    /// would have lost what it was checkpointed for.</summary>
    public static bool StartsOnBoot(ContainerRecord record) => record is { Started: not null, Checkpointed: null } && record.Config.Spec.RestartPolicy.Kind switch
    {
        RestartPolicyKind.Always => true,
        RestartPolicyKind.UnlessStopped => !record.StoppedByUser,
        _ => false,
    };

    /// <summary>How long to wait for a start; never longer than the longest pause, wherever the clock was set meanwhile.</summary>
    public static TimeSpan Until(DateTimeOffset start, DateTimeOffset now) =>
        start <= now ? TimeSpan.Zero : start - now < LongestDelay ? start - now : LongestDelay;

    private static bool Exhausted(ContainerRecord record) => record.Config.Spec.RestartPolicy is { Kind: RestartPolicyKind.OnFailure, MaximumRetries: > 0 and var most }
        && record.RestartCount >= most;

    private static TimeSpan Double(TimeSpan delay) => delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
}
