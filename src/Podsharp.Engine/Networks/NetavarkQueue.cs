using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>One netavark at a time.</summary>
/// <remarks>
/// <para>netavark before 1.10 takes no lock of its own and two at once trip over each other's chains. The kernel lets one at a time
/// change the rules in any case, so that a queue costs little. podman doesn't stand in it: hence <see cref="Netavark"/>'s retries.</para>
/// <para>A netavark whose caller was killed runs on without the lock. Whoever comes next sees by the mark in the lock file that it was
/// not left in an orderly way, and waits for the orphan: else it would take down what the orphan is about to make.</para>
/// </remarks>
internal sealed class NetavarkQueue : IDisposable
{
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(10);
    private readonly FileLock held;

    private NetavarkQueue(FileLock held) => this.held = held;

    /// <summary>Waits for its turn.</summary>
    /// <param name="runDirectory">netavark's own state directory.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static NetavarkQueue Enter(string runDirectory, CancellationToken cancellationToken) =>
        Enter(runDirectory, process => IsNetavark(process, runDirectory), cancellationToken);

    /// <summary>Waits for its turn.</summary>
    /// <param name="runDirectory">netavark's own state directory.</param>
    /// <param name="isHelper">Whether a process (its directory in /proc) is one that nobody may work beside.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static NetavarkQueue Enter(string runDirectory, Func<string, bool> isHelper, CancellationToken cancellationToken)
    {
        Files.MakeDirectories(runDirectory, 0x1ED /* 0755 */);
        var held = FileLock.Acquire(Path.Combine(runDirectory, "podsharp.lock"), LockMode.Exclusive, cancellationToken, 0x180 /* 0600 */);
        try
        {
            Span<byte> mark = [0];
            if (Files.ReadAt(held.Handle, mark, 0) == 1 && mark[0] == '1') WaitForOrphans(isHelper, cancellationToken);
            Files.WriteAt(held.Handle, "1"u8, 0);
            return new NetavarkQueue(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Dispose()
    {
        Files.WriteAt(held.Handle, "0"u8, 0);
        held.Dispose();
    }

    private static void WaitForOrphans(Func<string, bool> isHelper, CancellationToken cancellationToken)
    {
        var end = DateTime.UtcNow + OrphanPatience;
        while (IsRunning(isHelper) && DateTime.UtcNow < end)
        {
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(10));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static bool IsRunning(Func<string, bool> isHelper)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (char.IsAsciiDigit(process[6]) && Try(() => isHelper(process))) return true;
        }
        return false;
    }

    // A zombie has no arguments.
    private static bool IsNetavark(string process, string runDirectory) =>
        Text(process + "/comm").Trim() == "netavark" && Text(process + "/cmdline").Split('\0').Contains(runDirectory);

    private static string Text(string path) => Encoding.UTF8.GetString(Files.TryReadAll(path) ?? []);

    private static bool Try(Func<bool> look)
    {
        try
        {
            return look();
        }
        catch (LinuxException)
        {
            return false; // it has just ended
        }
    }
}
