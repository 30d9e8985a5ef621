using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers;

/// <summary>Finds conmon processes by what they watch. Only for undoing a set-up whose maker was killed before it could note their numbers.</summary>
internal static class ConmonProcesses
{
    /// <summary>Kills every conmon that watches this container, so that none goes on creating it.</summary>
    public static void Kill(string containerId)
    {
        var id = Encoding.ASCII.GetBytes(containerId);
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry.AsSpan()), out var pid) || Files.TryReadAll(entry + "/cmdline") is not { } line)
                continue;
            var program = line.AsSpan(0, Math.Max(0, line.AsSpan().IndexOf((byte)0)));
            if (program.EndsWith("conmon"u8) && line.AsSpan().IndexOf(id) >= 0 && Pidfd.Open(pid) is { } process)
            {
                using (process)
                {
                    process.Signal(9);
                    process.WaitForExit(TimeSpan.FromSeconds(2), CancellationToken.None);
                }
            }
        }
    }
}
