using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Cgroups;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Health;

/// <summary>Runs a check's command in a container. The OCI runtime is asked directly: nobody attaches to a check, and what conmon is for (to outlive
/// the engine, to keep a log) it doesn't need. A check therefore costs one process beside its own.</summary>
internal sealed class HealthProbe(EngineParts parts)
{
    private const uint PrivateDirectory = 0x1C0; // 0700
    private const uint PrivateFile = 0x180;
    private const int MostOutput = 1 << 20;
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(2);

    /// <summary>Runs it. One check at a time runs in a container; a second waits.</summary>
    /// <param name="record">The container, running.</param>
    /// <param name="check">The check.</param>
    /// <param name="mostOutput">Characters of the output to keep; 0 for all that fits into a megabyte.</param>
    /// <param name="cancellationToken">Ends the wait, and the command.</param>
    /// <exception cref="ContainerEngineException">The runtime can't be started, or the container's bundle is gone.</exception>
    public ProbeOutcome Run(ContainerRecord record, HealthCheck check, int mostOutput, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(parts.Storage.RunDirectory(record.Id), "health");
        Files.MakeDirectories(directory, PrivateDirectory);
        using var held = FileLock.Acquire(Path.Combine(directory, "lock"), LockMode.Exclusive, cancellationToken, fileMode: PrivateFile);
        var pidFile = Path.Combine(directory, "pid");
        EndLeftOver(record, pidFile);
        var process = Path.Combine(directory, "process");
        Files.Replace(process, parts.Bundles.ExecProcess(record, new ExecSpec { Command = CommandOf(check) }, size: null), PrivateFile, durable: false);
        var start = DateTimeOffset.UtcNow;
        var (reader, writer) = Descriptors.Pipe();
        using (reader)
        {
            var pid = Spawn(record, process, pidFile, writer);
            StepPoints.Reach("health.probe.started");
            var output = new OutputBuffer(mostOutput > 0 ? Math.Min(mostOutput * 4L, MostOutput) : MostOutput);
            var ended = Follow(pid, reader, output, check.Timeout, cancellationToken);
            if (!ended)
                End(record, pid, pidFile);
            var exit = Processes.Wait(pid);
            output.Drain(reader);
            _ = Files.TryRemove(pidFile);
            cancellationToken.ThrowIfCancellationRequested();
            return new(ended && exit.ExitCode == 0, !ended, Cut(output.Text(), mostOutput), start, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>The command of a check's words.</summary>
    public static IReadOnlyList<string> CommandOf(HealthCheck check) => check.Test[0] switch
    {
        "CMD" => [.. check.Test.Skip(1)],
        "CMD-SHELL" => ["/bin/sh", "-c", string.Join(' ', check.Test.Skip(1))],
        _ => check.Test,
    };

    private int Spawn(ContainerRecord record, string process, string pidFile, SafeFileHandle output)
    {
        using (output)
            return Processes.Spawn(new SpawnRequest
            {
                Path = record.Config.RuntimePath,
                Arguments = [record.Config.RuntimePath, .. parts.RuntimeFlagsOf(record.Config).Select(flag => "--" + flag), "exec", "--process", process, "--pid-file", pidFile, record.Id],
                Environment = parts.ChildEnvironment,
                Descriptors = new Dictionary<int, System.Runtime.InteropServices.SafeHandle> { [1] = output, [2] = output },
            });
    }

    /// <summary>Takes what it writes until it ends; false where its time is over or the check was called off. What its children write later
    /// isn't waited for.</summary>
    private static bool Follow(int pid, SafeFileHandle reader, OutputBuffer output, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var process = Pidfd.Open(pid);
        var watch = Stopwatch.StartNew();
        while (process is not null && !process.WaitForExit(TimeSpan.Zero, CancellationToken.None))
        {
            var left = timeout - watch.Elapsed;
            if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
                return false;
            var turn = (int)Math.Ceiling(Math.Min(left.TotalMilliseconds, cancellationToken.CanBeCanceled ? 200 : int.MaxValue));
            var ended = process.DangerousGetHandle().ToInt32();
            var written = reader.DangerousGetHandle().ToInt32();
            if (Descriptors.WaitReadable(output.IsOpen ? [ended, written] : [ended], turn))
                output.Drain(reader);
        }
        return true;
    }

    /// <summary>Kills the command with its children, then the runtime that waits for it.</summary>
    private void End(ContainerRecord record, int pid, string pidFile)
    {
        EndLeftOver(record, pidFile);
        using var runtime = Pidfd.Open(pid);
        if (runtime is not null && !runtime.WaitForExit(KillGrace, CancellationToken.None))
            runtime.Signal(Signals.Kill);
    }

    /// <summary>Kills the command that the file names, if it is one of the container: that of a check whose engine was killed goes on otherwise. The
    /// runtime has made it the leader of a session, so its children go with it.</summary>
    private static void EndLeftOver(ContainerRecord record, string pidFile)
    {
        if (Files.TryReadAll(pidFile) is not { } content || !int.TryParse(Encoding.ASCII.GetString(content).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            return;
        if (IsOfContainer(pid, record) && !Processes.KillGroup(pid, Signals.Kill))
            Processes.Kill(pid, Signals.Kill);
        _ = Files.TryRemove(pidFile);
    }

    // The number may have been given to another process meanwhile: one of the container's is in its control group, or in its PID namespace.
    private static bool IsOfContainer(int pid, ContainerRecord record) => record.Config.CgroupPath.Length > 0
        ? CgroupTree.GroupsOf(pid).Values.Any(group => group.Contains(record.Id, StringComparison.Ordinal))
        : Files.TryReadLink(Files.Absolute, $"/proc/{pid}/ns/pid") is { } space && Files.TryReadLink(Files.Absolute, $"/proc/{record.Pid}/ns/pid") is { } own
            && space.AsSpan().SequenceEqual(own);

    private static string Cut(string text, int most)
    {
        if (most <= 0 || text.Length <= most)
            return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>The beginning of what is written; the rest is read and thrown away, or the writer would block.</summary>
    private sealed class OutputBuffer(long most)
    {
        private readonly MemoryStream _kept = new();
        private readonly byte[] _piece = new byte[4096];

        public bool IsOpen { get; private set; } = true;

        public void Drain(SafeFileHandle reader)
        {
            while (IsOpen && Descriptors.WaitReadable(reader.DangerousGetHandle().ToInt32(), 0))
            {
                var count = Descriptors.Read(reader, _piece);
                IsOpen = count > 0;
                _kept.Write(_piece, 0, (int)Math.Min(count, most - _kept.Length));
            }
        }

        public string Text() => Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
    }
}
