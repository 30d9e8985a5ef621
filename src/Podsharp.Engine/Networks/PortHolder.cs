using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Networks;

/// <summary>Finds who holds a port, for an error's text. Slow, and only possible for processes one may look at.</summary>
internal static class PortHolder
{
    /// <summary><c> by nginx (process 4711)</c>, <c> by container web</c>; empty where nobody is found.</summary>
    internal static string Describe(string protocol, int port)
    {
        try
        {
            var inodes = Inodes(protocol, port);
            foreach (var process in inodes.Count == 0 ? [] : Directory.EnumerateDirectories("/proc"))
            {
                if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || !Holds(process, inodes)) continue;
                return Name(process, pid);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The answer only adorns a message.
        }
        return "";
    }

    /// <summary>Whether a process holds a port.</summary>
    internal static bool IsHeldBy(int pid, string protocol, int port) => pid > 0 && Holds($"/proc/{pid}", Inodes(protocol, port));

    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode; the port is hexadecimal. State 0A is LISTEN.
    private static HashSet<string> Inodes(string protocol, int port)
    {
        var inodes = new HashSet<string>();
        foreach (var file in (string[])[protocol, protocol + "6"])
        {
            var text = Encoding.ASCII.GetString(Files.TryReadAll("/proc/net/" + file) ?? []);
            foreach (var line in text.Split('\n').Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[1].EndsWith(port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    && (protocol != "tcp" || fields[3] == "0A"))
                    inodes.Add($"socket:[{fields[9]}]");
            }
        }
        return inodes;
    }

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(process + "/fd")
                .Any(fd => Files.TryReadLink(Files.Absolute, fd) is { } target && inodes.Contains(Encoding.UTF8.GetString(target)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is another user's
        }
    }

    private static string Name(string process, int pid)
    {
        var arguments = Encoding.UTF8.GetString(Files.TryReadAll(process + "/cmdline") ?? []).Split('\0');
        var name = Encoding.UTF8.GetString(Files.TryReadAll(process + "/comm") ?? []).Trim();
        // conmon keeps a container's ports; it is started with the container's name after -n.
        var option = name == "conmon" ? Array.IndexOf(arguments, "-n") : -1;
        // An ordinary user's ports are kept by their forwarder.
        if (Forwarding.ForwarderProcess.IsForwarder(arguments) && arguments.Length > 3) return $" by the container {arguments[3]}";
        return option >= 0 && option + 1 < arguments.Length ? $" by the container {arguments[option + 1]}" : $" by {name} (process {pid})";
    }
}
