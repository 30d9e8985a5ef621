using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>A helper process of ours, which is known by what it was started with: a number alone may be another process's by now.</summary>
/// <param name="Handle">The process.</param>
/// <param name="Pid">Its number.</param>
/// <param name="Arguments">What it was started with.</param>
internal sealed record OwnProcess(Pidfd Handle, int Pid, IReadOnlyList<string> Arguments) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The process of this number, if it runs and is ours; null otherwise.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="isOurs">Tells by its arguments.</param>
    internal static OwnProcess? Open(int pid, Predicate<IReadOnlyList<string>> isOurs)
    {
        // The handle first: while it is open, the number names this process or none.
        if (Pidfd.Open(pid) is not { } handle) return null;
        var arguments = ArgumentsOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));
        if (arguments.Length > 0 && isOurs(arguments) && ProcessTable.IsAlive(pid, 0)) return new(handle, pid, arguments);
        handle.Dispose();
        return null;
    }

    /// <summary>The process whose number a file holds, if it runs and is ours.</summary>
    internal static OwnProcess? OfFile(string path, Predicate<IReadOnlyList<string>> isOurs) =>
        int.TryParse(Encoding.ASCII.GetString(Files.TryReadAll(path) ?? []).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Open(pid, isOurs) : null;

    /// <summary>Looks through all processes: only where a kill has left no note.</summary>
    internal static OwnProcess? Find(Predicate<IReadOnlyList<string>> isOurs)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId
                && ArgumentsOf(entry) is { Length: > 0 } arguments && isOurs(arguments) && Open(pid, isOurs) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Kills it, and waits until it has let go of what it had.</summary>
    internal void End()
    {
        Handle.Signal(Signals.Kill);
        AwaitEnd();
    }

    /// <summary>Waits a while for its end.</summary>
    internal void AwaitEnd() => Handle.WaitForExit(Patience, CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private static string[] ArgumentsOf(string process) =>
        Host.HostFiles.ReadText(process + "/cmdline") is { Length: > 0 } line ? line.TrimEnd('\0').Split('\0') : [];
}
