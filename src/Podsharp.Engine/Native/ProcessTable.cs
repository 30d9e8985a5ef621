using System.Globalization;

namespace Podsharp.Engine.Native;

/// <summary>What /proc says of single processes (proc_pid_stat(5)).</summary>
internal static class ProcessTable
{
    /// <summary>When a process was started, in clock ticks since boot: together with its number it names the process for good.
    /// 0 where there is none.</summary>
    internal static long StartTime(int pid)
    {
        var fields = StatFields(pid);
        return fields is null ? 0 : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the process that had this start time still runs; a zombie does not. A start time of 0 is not compared.</summary>
    internal static bool IsAlive(int pid, long startTime)
    {
        var fields = pid > 0 ? StatFields(pid) : null;
        return fields is not null && fields[0] is not ("Z" or "X")
            && (startTime == 0 || fields[19] == startTime.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The fields of /proc/PID/stat after the command's name: the first is the state (field 3 of the manual's count).
    /// Null where there is no such process.</summary>
    internal static string[]? StatFields(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            // The name may hold blanks and parentheses: only the last parenthesis ends it.
            var end = text.LastIndexOf(')');
            return end < 0 ? null : text[(end + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
