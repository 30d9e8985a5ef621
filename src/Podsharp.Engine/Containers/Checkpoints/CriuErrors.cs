using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.Containers.Checkpoints;

/// <summary>Says why CRIU failed, and what can be done about it, from what the OCI runtime and CRIU's log tell.</summary>
internal static class CriuErrors
{
    private const int TellingLines = 3;

    /// <summary>Whether a dump has failed of what is over with the next moment: a process that has called vfork stands still until its child, which CRIU has
    /// stopped, has become another program.</summary>
    internal static bool IsOfTheMoment(string log) => HostFiles.ReadText(log)?.Contains("Unseizable non-zombie", StringComparison.Ordinal) == true;

    /// <summary>The error of a failed dump or restore.</summary>
    /// <param name="record">The container's id and name.</param>
    /// <param name="isRestore">Which of the two.</param>
    /// <param name="runtime">The runtime's path.</param>
    /// <param name="failure">What the runtime said.</param>
    /// <param name="log">CRIU's log; it may not be there.</param>
    /// <param name="lacks">Asks what the kernel lacks: only where the log tells nothing that something can be done about.</param>
    internal static ContainerEngineException Make((string Id, string Name) record, bool isRestore, string runtime, Exception failure, string log, Func<IReadOnlyList<string>>? lacks = null)
    {
        var name = Path.GetFileName(runtime);
        if (MissingLibrary(failure.Message) is { } library)
            return new(ErrorKind.Unsupported, "MissingComponent", $"{name} can't checkpoint or restore containers on this host: it lacks the library {library}", library,
                $"install it (Debian: libcriu2, Fedora: criu-libs), or use runc for the container (--runtime runc), which needs the program criu only", failure);
        if (Has(failure.Message, "memory tracking"))
            return new(ErrorKind.Unsupported, "Unsupported", $"this host's kernel doesn't track changes of memory, which a checkpoint in two rounds needs: {failure.Message}", record.Id,
                "leave --pre-checkpoint (-Pre) out, or boot a kernel with CONFIG_MEM_SOFT_DIRTY", failure);
        if (Has(failure.Message, "unknown command") || Has(failure.Message, "not supported") || Has(failure.Message, "without CRIU"))
            return new(ErrorKind.Unsupported, "Unsupported", $"{name} was built without support for checkpoints: {failure.Message}", runtime,
                "use a runtime that has it (crun --version shows +CRIU), or runc (--runtime runc)", failure);
        var lines = Lines(HostFiles.ReadText(log) ?? "");
        return new(ErrorKind.Runtime, isRestore ? "RestoreFailed" : "CheckpointFailed",
            $"container {record.Name} could not be {(isRestore ? "restored" : "checkpointed")}: "
            + (lines.Count > 0 ? "CRIU says: " + string.Join("; ", lines) : failure.Message), record.Id,
            Advice(string.Join('\n', lines), isRestore, name) ?? Whole(log, lacks), failure);
    }

    /// <summary>The telling lines of CRIU's log: those of errors, the first ones, since the rest follows from them. That it couldn't raise its own limit of
    /// open files is none: it goes on with the one it has.</summary>
    internal static IReadOnlyList<string> Lines(string log)
    {
        var lines = log.Split('\n').Where(line => line.Contains("Error (", StringComparison.Ordinal) && !Has(line, "for self")).Select(Words).Where(line => line.Length > 0).Distinct().ToList();
        var telling = lines.Where(line => line is not ("Dumping FAILED." or "Restoring FAILED.")).Take(TellingLines).ToList();
        return telling.Count > 0 ? telling : lines;
    }

    // (00.012345) Error (criu/sk-inet.c:191): inet: Connected TCP socket, consider using ...
    private static string Words(string line)
    {
        var start = line.IndexOf("): ", line.IndexOf("Error (", StringComparison.Ordinal), StringComparison.Ordinal);
        return start < 0 ? line.Trim() : line[(start + 3)..].Trim();
    }

    // crun: could not load `libcriu.so.2`: No such file or directory
    private static string? MissingLibrary(string text)
    {
        var start = text.IndexOf("libcriu", StringComparison.Ordinal);
        if (start < 0 || !Has(text, "load"))
            return null;
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
            end++;
        return text[start..end].TrimEnd('.');
    }

    // Null where CRIU's words are all there is.
    private static string? Advice(string lines, bool isRestore, string runtime) =>
        Has(lines, "connected tcp socket") || Has(lines, "tcp-established") ? "the container has TCP connections: take them along (--tcp-established, -TcpEstablished)" + (isRestore ? ", or close them (--tcp-close, -TcpClose)" : "")
        : Has(lines, "file lock") ? "the container holds file locks: take them along (--file-locks, -FileLock)"
        : Has(lines, "ghost file") ? $"it holds a deleted file that is larger than CRIU takes along: write a larger limit, such as \"ghost-limit 100000000\", into /etc/criu/{runtime}.conf"
        : Has(lines, "external socket") ? "one of its processes is connected to a Unix socket of the host: end that connection first"
        : isRestore && Has(lines, "can't fork for") ? "a process with that number is in its place in the PID namespace: end it, or make the container with a PID namespace of its own"
        : isRestore && Has(lines, "rlimit") ? "the container's limits are above those of this process: make it with lower ones (--ulimit), or raise the hard limits"
        : Has(lines, "proper root mount") ? "one of its mounts has mounts of the host below it: mount it without them (-v HOST:CONTAINER:bind)"
        : Has(lines, "ptrace") || Has(lines, "seize") ? "a debugger is attached to one of its processes: end that first"
        : null;

    private static string Whole(string log, Func<IReadOnlyList<string>>? lacks) => lacks?.Invoke() is { Count: > 0 } missing
        ? $"this host's kernel lacks what CRIU needs ({string.Join("; ", missing)}): boot one that has it; CRIU's whole log is {log}"
        : $"CRIU's whole log is {log}";

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
