using System.Globalization;
using System.Runtime.InteropServices;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Orchestration.Terminal;

namespace Podsharp.Cli.Interactive;

/// <summary>The user's side of an attach: raw terminal, size changes, signals, and the pump between the streams.</summary>
internal sealed class AttachSession(CommandContext context, ContainerStream stream)
{
    private static readonly int[] Proxied = [1, 2, 3, 10, 12, 14, 15, 18, 23];

    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Which streams are connected.</summary>
    internal required OutputAttachment Streams { get; init; }
    /// <summary>Whether the container has a terminal.</summary>
    internal bool Terminal { get; init; }
    /// <summary>Detach keys as written; null for the configured ones.</summary>
    internal string? DetachKeys { get; init; }
    /// <summary>Sends a signal to the container's process; null passes none on.</summary>
    internal Func<string, Task>? Signal { get; init; }

    /// <summary>The size of the user's terminal; null where there is none.</summary>
    internal static TerminalSize? Size() => Podsharp.Engine.Native.Terminal.Size(1) ?? Podsharp.Engine.Native.Terminal.Size(0);

    /// <summary>Starts what is attached to, and carries bytes until it ends or the user detaches. The terminal is as before afterwards,
    /// whatever happens.</summary>
    internal async Task<AttachEnd> RunAsync(Func<Task> start)
    {
        var keys = Keys();
        var raw = Terminal && Streams.Input ? Podsharp.Engine.Native.Terminal.EnterRawMode(0) : null;
        try
        {
            Register(raw);
            var pump = new AttachPump(stream)
            {
                Input = Streams.Input ? context.In : null,
                Output = Streams.Output ? context.Out.Stream : null,
                Error = Streams.Error ? context.Error.Stream : null,
                DetachKeys = keys,
            };
            await start();
            return await pump.RunAsync(context.Cancelled);
        }
        finally
        {
            raw?.Dispose();
            foreach (var registration in registrations)
                registration.Dispose();
        }
    }

    private DetachKeys? Keys()
    {
        // Without a terminal nobody types: bytes that happen to be the keys are data, unless they were asked for.
        if (!Streams.Input || (DetachKeys is null && !Podsharp.Engine.Native.Terminal.IsTerminal(0)))
            return null;
        return Podsharp.Orchestration.Terminal.DetachKeys.Parse(DetachKeys ?? ClientSettings.DetachKeys());
    }

    private void Register(IDisposable? raw)
    {
        if (Terminal)
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize()));
        if (raw is not null)
        {
            // The keyboard makes no signals now: one that comes ends this program, and the terminal must not stay raw.
            foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
                registrations.Add(PosixSignalRegistration.Create(signal, _ => raw.Dispose()));
        }
        else if (Signal is { } send && !Terminal)
        {
            foreach (var number in Proxied)
                registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, arrived => Proxy(arrived, number, send)));
        }
    }

    private static void Proxy(PosixSignalContext arrived, int number, Func<string, Task> send)
    {
        arrived.Cancel = true;
        _ = Task.Run(async () =>
        {
            try
            {
                await send(number.ToString(CultureInfo.InvariantCulture));
            }
            catch (ContainerEngineException)
            {
                // It has just ended: the output's end tells.
            }
        });
    }

    private void Resize()
    {
        if (Size() is not { } size)
            return;
        _ = Task.Run(async () =>
        {
            try
            {
                await stream.ResizeAsync(size);
            }
            catch (Exception e) when (e is ContainerEngineException or IOException or ObjectDisposedException)
            {
                // It has just ended.
            }
        });
    }
}
