using System.Runtime.InteropServices;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Containers;

/// <summary>Runs ps(1) for a container.</summary>
/// <remarks>The host's ps works for every image, so it is started among the container's processes, with a /proc that shows them. Not where a
/// process of the container may trace others: it could take over that ps, which has the host's files and rights. There the image's own
/// ps runs, as any command does, and so it does where the host lacks the programs.</remarks>
internal sealed class ContainerPs(EngineParts parts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The lines that it prints.</summary>
    /// <exception cref="ContainerEngineException">The container does not run, or ps can't be run or refuses its arguments.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(string nameOrId, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var record = parts.Monitor.Running(nameOrId, "list the processes of");
        var outcome = record.Run!.Capabilities.Contains("CAP_SYS_PTRACE") ? null
            : await Task.Run(() => RunHosts(record, arguments, cancellationToken), cancellationToken);
        outcome ??= await RunImagesAsync(record, arguments, cancellationToken);
        if (outcome.ExitCode != 0)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "PsFailed", $"ps failed with exit code {outcome.ExitCode}: {FirstLine(outcome.Error)}",
                record.Name, "give options of ps, or some of the columns " + string.Join(", ", ProcessDescriptors.All));
        }
        return WithoutItself(outcome.Output, arguments);
    }

    private ProgramOutcome? RunHosts(ContainerRecord record, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (parts.Components.FindHelper("nsenter") is not { } enter || parts.Components.FindHelper("unshare") is not { } unshare
            || parts.Components.FindHelper("ps") is not { } ps)
            return null;
        using var processes = Files.Open($"/proc/{record.Pid}/ns/pid", OpenFlags.ReadOnly);
        // Opened first, looked at then: the number may have become another process's.
        if (!ProcessTable.IsAlive(record.Pid, record.PidStart))
            throw EngineErrors.InvalidState(record.Id, $"can't list the processes of container {record.Name}: it has just ended");
        var request = new SpawnRequest
        {
            Path = enter,
            // ps by its bare name: it lists itself, and that line is to be recognised.
            Arguments = ["nsenter", "--pid=/proc/self/fd/3", "--", unshare, "--mount", "--mount-proc", "--", "ps", .. arguments],
            Environment = [$"PATH={Path.GetDirectoryName(ps)}:/usr/bin:/bin"],
            Descriptors = new Dictionary<int, SafeHandle> { [3] = processes },
        };
        try
        {
            var outcome = Programs.Run(request, Patience, cancellationToken);
            return outcome with { ExitCode = outcome.ExitCode ?? (outcome.Output.Length > 0 ? 0 : 1) };
        }
        catch (TimeoutException error)
        {
            throw new ContainerEngineException(ErrorKind.Timeout, "PsTimeout", $"ps did not end in {Patience.TotalSeconds} seconds", record.Name, "try again", error);
        }
    }

    private async Task<ProgramOutcome> RunImagesAsync(ContainerRecord record, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var session = parts.Exec.Create(record.Id, new ExecSpec { Command = ["ps", .. arguments] }, cancellationToken);
        try
        {
            using var output = new MemoryStream();
            using var error = new MemoryStream();
            await using (var stream = parts.Exec.Start(session.Id, new AttachOptions { Output = true, Error = true }, cancellationToken))
            {
                await foreach (var chunk in stream.ReadAllAsync(cancellationToken))
                    (chunk.Stream == OutputStream.Error ? error : output).Write(chunk.Data.Span);
            }
            var code = await Task.Run(() => parts.Exec.Wait(session.Id, cancellationToken), cancellationToken);
            return new ProgramOutcome(code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
        }
        catch (ContainerEngineException missing) when (missing.Kind == ErrorKind.CommandNotFound)
        {
            throw new ContainerEngineException(ErrorKind.CommandNotFound, "PsNotFound", $"there is no ps in container {record.Name}", record.Name,
                "use some of the columns " + string.Join(", ", ProcessDescriptors.All) + ", which need none", missing);
        }
        finally
        {
            parts.Exec.Cleanup(session.Id, remove: true);
        }
    }

    private static string FirstLine(string error)
    {
        var line = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "it gives no reason";
        return line.StartsWith("error: ", StringComparison.Ordinal) ? line[7..] : line;
    }

    /// <summary>ps is a process as well, but not one of the container's; it is the last to have begun.</summary>
    private static List<string> WithoutItself(string output, IReadOnlyList<string> arguments)
    {
        var lines = output.TrimEnd('\n').Split('\n').ToList();
        var itself = " ps " + string.Join(' ', arguments);
        var at = lines.FindLastIndex(line => line.TrimEnd().EndsWith(itself, StringComparison.Ordinal));
        if (at > 0)
            lines.RemoveAt(at);
        return lines;
    }
}
