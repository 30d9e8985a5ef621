using System.Text.Json;
using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Makes errors of what OCI runtimes say.</summary>
internal static class RuntimeErrors
{
    /// <summary>The error for a failed creation or exec.</summary>
    /// <param name="runtime">The runtime's path.</param>
    /// <param name="target">The container's id.</param>
    /// <param name="log">The runtime's JSON log.</param>
    /// <param name="message">What conmon said, if anything.</param>
    internal static ContainerEngineException FromLog(string runtime, string target, string log, string? message) =>
        FromText(runtime, target, LastError(log) ?? message ?? "the OCI runtime ended without a word");

    /// <summary>The error for a runtime's text.</summary>
    internal static ContainerEngineException FromText(string runtime, string target, string text)
    {
        var sentence = $"{Path.GetFileName(runtime)}: {text.Trim()}";
        return Classify(text) switch
        {
            ErrorKind.CommandNotFound => new ContainerEngineException(ErrorKind.CommandNotFound, "CommandNotFound",
                sentence + ": OCI runtime attempted to invoke a command that was not found", target),
            ErrorKind.CommandNotExecutable => new ContainerEngineException(ErrorKind.CommandNotExecutable, "CommandNotExecutable",
                sentence + ": OCI permission denied", target),
            _ => new ContainerEngineException(ErrorKind.Runtime, "RuntimeFailed", sentence + ": OCI runtime error", target, Advice(text)),
        };
    }

    /// <summary>The message of the last error line of a JSON log, or null. Lines that are no JSON are passed over.</summary>
    internal static string? LastError(string log)
    {
        string? last = null;
        foreach (var line in (HostFiles.ReadText(log) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.TryGetProperty("level", out var level) && level.GetString() is "error" or "fatal"
                    && document.RootElement.TryGetProperty("msg", out var text))
                    last = text.GetString();
            }
            catch (JsonException)
            {
            }
        }
        return last;
    }

    /// <summary>Whether the text says that the container's process is not there (any more).</summary>
    internal static bool SaysGone(string text) =>
        Has(text, "does not exist") || Has(text, "not running") || Has(text, "no such process") || Has(text, "already finished")
        || Has(text, "stopped container") || Has(text, "container not found") || Has(text, "is not in running");

    // Only what is said of the program to execute: a missing bind source also is "no such file or directory".
    private static ErrorKind Classify(string text)
    {
        if (Has(text, "executable file") && Has(text, "not found"))
            return ErrorKind.CommandNotFound;
        // crun's words for a directory as the program: no "exec" in them.
        if (Has(text, "the path") && Has(text, "is not a regular file"))
            return ErrorKind.CommandNotExecutable;
        // crun on a directory: the path `/etc` is not a regular file: Operation not permitted.
        if (Has(text, "is not a regular file"))
            return ErrorKind.CommandNotExecutable;
        if (!Has(text, "exec"))
            return ErrorKind.Runtime;
        if (Has(text, "exec: \"") || Has(text, "open executable") || Has(text, "exec container process") || Has(text, "executable path"))
        {
            return Has(text, "no such file or directory") ? ErrorKind.CommandNotFound
                : Has(text, "permission denied") || Has(text, "operation not permitted") || Has(text, "is a directory")
                    || Has(text, "exec format error") || Has(text, "not a regular file") ? ErrorKind.CommandNotExecutable
                : ErrorKind.Runtime;
        }
        return ErrorKind.Runtime;
    }

    private static string? Advice(string text) =>
        Has(text, "cgroups in hybrid mode not supported") ? "use runc on this host (--runtime runc)"
        : Has(text, "newuidmap") || Has(text, "uid_map") ? "check /etc/subuid and /etc/subgid"
        : null;

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
