using System.Runtime.InteropServices;

namespace Podsharp.Cli.Interactive;

/// <summary>While it lives, Ctrl+C and SIGTERM cancel the engine call in place of ending the process in the middle of it. A second one ends it.</summary>
internal sealed class InterruptHandler : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int count;

    internal InterruptHandler(CommandContext context)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            registrations.Add(PosixSignalRegistration.Create(signal, arrived =>
            {
                if (Interlocked.Increment(ref count) > 1)
                    return;
                arrived.Cancel = true;
                context.Cancel();
            }));
        }
    }

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
    }
}
