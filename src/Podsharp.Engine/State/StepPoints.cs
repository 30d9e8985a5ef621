using System.Runtime.InteropServices;

namespace Podsharp.Engine.State;

/// <summary>Named points between the steps of an operation at which a test can kill this process, or stop it until it is told to go on.</summary>
/// <remarks>PODSHARP_KILL_AT=name kills at the first pass through that point, PODSHARP_KILL_AT=name:3 at the third. SIGKILL can't be
/// handled, so what a test sees is what a power cut of this one process leaves. PODSHARP_STOP_AT=name stops it there (SIGSTOP), so that others can do
/// in between what they like. Without the variables a point costs one null check.</remarks>
internal static partial class StepPoints
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int StopPatience = 200; // milliseconds
    private static readonly string? Stopped = Environment.GetEnvironmentVariable("PODSHARP_STOP_AT");
    private static readonly string? Wanted = Environment.GetEnvironmentVariable("PODSHARP_KILL_AT") ?? Stopped;
    private static int _passes;

    /// <summary>Marks that the step with this name has been reached.</summary>
    public static void Reach(string name)
    {
        if (Wanted is not null)
            Check(name);
    }

    private static void Check(string name)
    {
        var colon = Wanted!.LastIndexOf(':');
        var (wanted, pass) = colon > 0 && int.TryParse(Wanted.AsSpan(colon + 1), out var n) ? (Wanted[..colon], n) : (Wanted, 1);
        if (wanted != name || Interlocked.Increment(ref _passes) != pass)
            return;
        Kill(Environment.ProcessId, Stopped is null ? SigKill : SigStop);
        if (Stopped is not null)
        {
            // The kernel stops the threads one by one: this one is to stop here.
            Thread.Sleep(StopPatience);
            return;
        }
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
