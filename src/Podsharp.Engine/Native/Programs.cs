using System.Runtime.InteropServices;
using System.Text;

namespace Podsharp.Engine.Native;

/// <summary>How a program ended and what it wrote.</summary>
/// <param name="ExitCode">Its exit code; 128+n after signal n; null where another part of this process reaped it: then what it wrote has to tell.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ProgramOutcome(int? ExitCode, string Output, string Error);

/// <summary>Runs programs to their end.</summary>
internal static class Programs
{
    /// <summary>Runs a program; what it writes is caught.</summary>
    /// <remarks>Files in memory rather than pipes: neither side can block on the other, and what the program leaves behind with its output in
    /// hand keeps nobody waiting.</remarks>
    /// <param name="request">The program; its descriptors from 3 on.</param>
    /// <param name="patience">How long it may take. After that, and after a cancellation, it is killed with all that it has started.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="input">What it reads; nothing when not given.</param>
    /// <exception cref="LinuxException">It can't be started.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static ProgramOutcome Run(SpawnRequest request, TimeSpan patience, CancellationToken cancellationToken = default, string? input = null)
    {
        using var error = MemoryFile.Create("podsharp-err");
        return RunCaught(request, error, patience, input is null ? null : Encoding.UTF8.GetBytes(input), cancellationToken,
            (code, output) => new ProgramOutcome(code, MemoryFile.ReadText(output), MemoryFile.ReadText(error)));
    }

    /// <summary>As <see cref="Run"/>, for what isn't text; what it writes to standard error goes nowhere.</summary>
    /// <returns>The exit code, as in <see cref="ProgramOutcome"/>, and the output.</returns>
    internal static (int? ExitCode, byte[] Output) RunOnBytes(SpawnRequest request, TimeSpan patience, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        using var nowhere = Files.Open("/dev/null", OpenFlags.WriteOnly);
        return RunCaught(request, nowhere, patience, input, cancellationToken, (code, output) => (code, MemoryFile.Read(output)));
    }

    private static T RunCaught<T>(SpawnRequest request, SafeHandle error, TimeSpan patience, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken,
        Func<int?, Microsoft.Win32.SafeHandles.SafeFileHandle, T> result)
    {
        using var given = input is null ? null : MemoryFile.Create("podsharp-in");
        using var output = MemoryFile.Create("podsharp-out");
        var descriptors = new Dictionary<int, SafeHandle>(request.Descriptors) { [1] = output, [2] = error };
        if (given is not null)
        {
            // At an offset: the position, which the program shares, stays at the start.
            RandomAccess.Write(given, input!.Value.Span, 0);
            descriptors[0] = given;
        }
        var pid = Processes.Spawn(request with { Descriptors = descriptors });
        try
        {
            return result(Processes.Wait(pid, cancellationToken, patience).ExitCode, output);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Processes.KillGroup(pid, Signals.Kill);
            throw;
        }
    }
}
