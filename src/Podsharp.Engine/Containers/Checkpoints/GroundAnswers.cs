using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Which questions to programs had good answers, since the boot and for the very files: bad ones are asked again, since somebody may have mended it.</summary>
/// <param name="path">The file that keeps them for other processes; losing it costs the asking only.</param>
/// <param name="boot">The boot's id.</param>
internal sealed class GroundAnswers(string path, string boot)
{
    private const int MostLines = 100;
    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    /// <summary>Asks, unless the answer is known to be good.</summary>
    /// <param name="question">Its name.</param>
    /// <param name="program">Whom it is put to.</param>
    /// <param name="ask">Throws on a bad answer.</param>
    internal void Require(string question, string program, Action ask)
    {
        if (Files.TryStatus(program) is not { } status)
        {
            ask();
            return;
        }
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{boot} {question} {status.DeviceMajor}:{status.DeviceMinor}:{status.Inode} {status.Size} {status.Modified.Seconds}.{status.Modified.Nanoseconds} {program}");
        var key = path + "\n" + line;
        if (Known.ContainsKey(key))
            return;
        var lines = (HostFiles.ReadText(path) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (!lines.Contains(line, StringComparer.Ordinal))
        {
            ask();
            Keep([.. lines.TakeLast(MostLines), line]);
        }
        Known[key] = true;
    }

    private void Keep(IEnumerable<string> lines)
    {
        try
        {
            Files.Replace(path, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), 0x180 /* 0600 */, durable: false);
        }
        catch (LinuxException)
        {
            // Asked again then.
        }
    }
}
