using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Runtime;

/// <summary>Direct calls of an OCI runtime with the runc command line (crun, runc, youki).</summary>
/// <param name="path">The runtime's path.</param>
/// <param name="flags">Global flags without their dashes.</param>
/// <param name="environment">The environment, NAME=value: PATH, and XDG_RUNTIME_DIR where the runtime's state depends on it.
/// The same as conmon's, or the runtime looks for the container elsewhere.</param>
internal sealed class OciRuntime(string path, IReadOnlyList<string> flags, IReadOnlyList<string> environment)
{
    private const int HeldDescriptor = 9; // above those that runtimes and CRIU count from 3 on
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan DumpPatience = TimeSpan.FromHours(12);

    /// <summary>The runtime's path.</summary>
    internal string Path => path;

    /// <summary>Starts the process of a created container.</summary>
    internal void Start(string id) => Check(id, Run("start", id));

    /// <summary>Sends a signal to the first process, or to all of them.</summary>
    /// <returns>False where the container has ended.</returns>
    internal bool Kill(string id, int signal, bool all = false)
    {
        var number = signal.ToString(CultureInfo.InvariantCulture);
        var outcome = all ? Run("kill", "--all", id, number) : Run("kill", id, number);
        return outcome.ExitCode == 0 || (RuntimeErrors.SaysGone(outcome.Error) ? false : throw Failure(id, outcome));
    }

    /// <summary>Forgets a container; with force it is killed first, and one that isn't known is no error.</summary>
    internal void Delete(string id, bool force)
    {
        var outcome = force ? Run("delete", "--force", id) : Run("delete", id);
        if (outcome.ExitCode != 0 && !(force && RuntimeErrors.SaysGone(outcome.Error)))
            throw Failure(id, outcome);
    }

    /// <summary>What the runtime knows of a container; null where it knows nothing.</summary>
    internal OciState? State(string id)
    {
        var outcome = Run("state", id);
        if (outcome.ExitCode != 0)
            return RuntimeErrors.SaysGone(outcome.Error) ? null : throw Failure(id, outcome);
        using var document = JsonDocument.Parse(outcome.Output);
        var root = document.RootElement;
        return new OciState(root.GetProperty("status").GetString() ?? "", root.TryGetProperty("pid", out var pid) ? pid.GetInt32() : 0);
    }

    /// <summary>Changes the limits of a container.</summary>
    /// <param name="id">The container.</param>
    /// <param name="resources">A file with those to change, in the form of config.json's <c>linux.resources</c>.</param>
    internal void Update(string id, string resources) => Check(id, Run("update", "--resources", resources, id));

    /// <summary>Freezes all processes.</summary>
    internal void Pause(string id) => Check(id, Run("pause", id));

    /// <summary>Lets frozen processes go on.</summary>
    internal void Resume(string id) => Check(id, Run("resume", id));

    /// <summary>Has CRIU dump all processes. It is not to be ended halfway.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">Of the command <c>checkpoint</c>.</param>
    /// <param name="held">What the runtime holds as long as it works, should this process be killed.</param>
    internal void Checkpoint(string id, IReadOnlyList<string> options, SafeHandle held) => Check(id, Run(new SpawnRequest
    {
        Path = path,
        Arguments = [path, .. flags.Select(flag => "--" + flag), "checkpoint", .. options, id],
        Environment = environment,
        Descriptors = new Dictionary<int, SafeHandle> { [HeldDescriptor] = held },
    }, DumpPatience));

    /// <summary>The first line of the program's version.</summary>
    internal static string Version(string program)
    {
        try
        {
            var (_, output, error) = Run(program, ["--version"], ["PATH=/usr/bin:/bin"]);
            return (output.Length > 0 ? output : error).Split('\n')[0].Trim();
        }
        catch (ContainerEngineException)
        {
            return "";
        }
    }

    private RunOutcome Run(params string[] arguments) => Run(path, [.. flags.Select(flag => "--" + flag), .. arguments], environment);

    private static RunOutcome Run(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Run(new SpawnRequest { Path = program, Arguments = [program, .. arguments], Environment = environment }, Patience);

    private static RunOutcome Run(SpawnRequest request, TimeSpan patience)
    {
        try
        {
            var outcome = Programs.Run(request, patience);
            return new RunOutcome(outcome.ExitCode ?? (outcome.Error.Length > 0 ? 1 : 0), outcome.Output, outcome.Error);
        }
        catch (TimeoutException)
        {
            throw new ContainerEngineException(ErrorKind.Timeout, "RuntimeTimeout", $"{request.Path} {request.Arguments[1]} did not end in {patience.TotalMinutes} minutes", request.Path);
        }
    }

    private void Check(string id, RunOutcome outcome)
    {
        if (outcome.ExitCode != 0)
            throw Failure(id, outcome);
    }

    private ContainerEngineException Failure(string id, RunOutcome outcome) => RuntimeErrors.FromText(path, id,
        outcome.Error.Trim() is { Length: > 0 } text ? LastLine(text) : $"exit code {outcome.ExitCode}");

    // runc writes logrus lines: time="..." level=error msg="..."
    private static string LastLine(string text)
    {
        var line = text.Split('\n')[^1];
        var start = line.IndexOf("msg=\"", StringComparison.Ordinal);
        return start < 0 ? line : line[(start + 5)..].TrimEnd('"').Replace("\\\"", "\"", StringComparison.Ordinal);
    }

    private readonly record struct RunOutcome(int ExitCode, string Output, string Error);
}
