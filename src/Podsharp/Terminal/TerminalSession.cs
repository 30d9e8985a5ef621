using System.Runtime.InteropServices;
using Podsharp.Model;
using Podsharp.Orchestration.Terminal;

namespace Podsharp.Terminal;

/// <summary>Joins the user's terminal to a container's, until the container's output ends or the user detaches.</summary>
internal static class TerminalSession
{
    /// <summary>Runs the session.</summary>
    /// <param name="stream">The container's streams.</param>
    /// <param name="input">Whether what is typed is sent.</param>
    /// <param name="terminal">Whether the container has a terminal: then ours goes into raw mode.</param>
    /// <param name="detachKeys">The keys that detach, in podman's words; empty for none.</param>
    /// <param name="cancellationToken">Ends it; the container goes on.</param>
    /// <returns>Whether the user detached.</returns>
    public static async Task<bool> RunAsync(ContainerStream stream, bool input, bool terminal, string detachKeys, CancellationToken cancellationToken)
    {
        using var raw = terminal && input ? new UserTerminal() : null;
        using var resize = terminal && !OperatingSystem.IsWindows() ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize(stream)) : null;
        await using var output = Console.OpenStandardOutput();
        await using var error = Console.OpenStandardError();
        await using var keyboard = input ? new KeyboardStream() : null;
        var pump = new AttachPump(stream)
        {
            Input = keyboard,
            Output = output,
            Error = error,
            DetachKeys = terminal ? DetachKeys.Parse(detachKeys) : null,
        };
        return await pump.RunAsync(cancellationToken) == AttachEnd.Detached;
    }

    // Runs beside the host's own handling of the signal, not in its place.
    private static void Resize(ContainerStream stream)
    {
        if (UserTerminal.Size is { } size)
            _ = ResizeAsync(stream, size);
    }

    private static async Task ResizeAsync(ContainerStream stream, TerminalSize size)
    {
        try
        {
            await stream.ResizeAsync(size);
        }
        catch (Exception error) when (error is ContainerEngineException or IOException or ObjectDisposedException)
        {
            // The session is ending: its size no longer matters.
        }
    }
}
