using System.Runtime.InteropServices;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An engine of another user or host: started there, and given an archive or asked for one.</summary>
/// <param name="place">Whose it is.</param>
/// <param name="environment">What ssh gets as its environment.</param>
/// <param name="executable">This engine's own executable, for other users of this host; null where it isn't known.</param>
internal sealed class TransferProgram(TransferPlace place, ConfigurationEnvironment environment, string? executable)
{
    private const int LongestMessage = 2000;

    /// <summary>Has it load an archive.</summary>
    /// <param name="write">Writes the archive.</param>
    /// <param name="cancellationToken">Ends it, with the program.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="ContainerEngineException">It failed, and what it says; what writing raises.</exception>
    internal async Task<string> LoadAsync(Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var (reader, writer) = Descriptors.Pipe();
        return await RunAsync("load --quiet", 0, reader, new FileStream(writer, FileAccess.Write, bufferSize: 0), write, cancellationToken);
    }

    /// <summary>Has it save an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="read">Reads the archive.</param>
    /// <param name="cancellationToken">Ends it, with the program.</param>
    /// <exception cref="ContainerEngineException">It failed, and what it says; what reading raises.</exception>
    internal async Task SaveAsync(string image, Func<Stream, Task> read, CancellationToken cancellationToken)
    {
        var (reader, writer) = Descriptors.Pipe();
        await RunAsync($"save --quiet {Quoted(image)}", 1, writer, new FileStream(reader, FileAccess.Read, bufferSize: 0), read, cancellationToken);
    }

    private async Task<string> RunAsync(string command, int descriptor, SafeHandle theirs, FileStream ours, Func<Stream, Task> use, CancellationToken cancellationToken)
    {
        using var said = MemoryFile.Create("podsharp-out");
        using var complained = MemoryFile.Create("podsharp-err");
        int pid;
        using (theirs)
        {
            var descriptors = new Dictionary<int, SafeHandle> { [1] = said, [2] = complained };
            descriptors[descriptor] = theirs;
            pid = Processes.Spawn(Request(command) with { Descriptors = descriptors });
        }
        Exception? failure = null;
        await using (var ended = cancellationToken.UnsafeRegister(_ => Processes.KillGroup(pid, Signals.Kill), null))
        {
            await using (ours)
            {
                try
                {
                    await use(ours);
                }
                catch (Exception error)
                {
                    failure = error;
                    // What is ours to tell: the program must not take a part for the whole. A broken pipe is the program's end, which tells more.
                    if (error is not IOException && descriptor == 0)
                    {
                        Processes.KillGroup(pid, Signals.Kill);
                    }
                }
            }
            // A thread of its own: the wait for a child blocks.
            var end = await Task.Factory.StartNew(() => Processes.Wait(pid), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            if (!end.Succeeded && (failure is null or IOException || descriptor == 1))
            {
                throw Failed(MemoryFile.ReadText(complained));
            }
        }
        return failure is null ? MemoryFile.ReadText(said) : throw failure;
    }

    private SpawnRequest Request(string command)
    {
        // Whichever engine is there: both know the two commands and the archive. For an ordinary user podman comes first, which enters the user's namespace by itself.
        var own = place.IsLocal && executable is not null ? $"{Quoted(executable)} podsharp" : "podsharp";
        var script = "d=/run/user/$(id -u); if [ -z \"$XDG_RUNTIME_DIR\" ] && [ -d \"$d\" ]; then export XDG_RUNTIME_DIR=$d; fi; "
            + $"if [ \"$(id -u)\" = 0 ]; then set -- {own} podman; else set -- podman {own}; fi; "
            + $"for p do if command -v \"$p\" >/dev/null 2>&1; then exec \"$p\" {command}; fi; done; echo 'neither podsharp nor podman is installed' >&2; exit 127";
        // Capabilities that root could hand on are nothing for another user.
        IReadOnlyList<string> arguments = place.IsLocal ? ["setpriv", "--inh-caps=-all", "--", "runuser", "--login", place.User!, "--shell", "/bin/sh", "--command", script]
            : ["ssh", "-T", "-o", "BatchMode=yes", .. Connection(), $"exec sh -c {Quoted(script)}"];
        return new SpawnRequest
        {
            Path = Find(arguments[0]) ?? throw EngineErrors.MissingComponent(arguments[0], "to reach other users and hosts", arguments[0] == "ssh" ? "openssh-client" : "util-linux"),
            Arguments = arguments,
            Environment = [.. environment.Variables.Select(variable => $"{variable.Key}={variable.Value}")],
            NewSession = true,
        };
    }

    /// <summary>How ssh is told the host: by its own name, or by what a connection of podman's says (podman-system-connection(1)).</summary>
    private IReadOnlyList<string> Connection()
    {
        var file = Path.Combine(environment.ConfigHome, "containers/podman-connections.json");
        if (place.User is not null || !File.Exists(file))
        {
            return ["--", ToString(place.User, place.Host!)];
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!document.RootElement.TryGetProperty("Connection", out var section) || !section.TryGetProperty("Connections", out var all) || !all.TryGetProperty(place.Host!, out var known)
                || !known.TryGetProperty("URI", out var text) || !Uri.TryCreate(text.GetString(), UriKind.Absolute, out var address) || address.Scheme != "ssh")
            {
                return ["--", place.Host!];
            }
            var identity = known.TryGetProperty("Identity", out var key) && key.GetString() is { Length: > 0 } path ? (string[])["-i", path] : [];
            string[] port = address.Port > 0 ? ["-p", address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)] : [];
            return [.. identity, .. port, "--", ToString(address.UserInfo.Length > 0 ? Uri.UnescapeDataString(address.UserInfo.Split(':')[0]) : null, address.Host)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"podman's connections in {file} can't be read: {error.Message}", file, "correct the file", error);
        }
    }

    private static string ToString(string? user, string host) => user is null ? host : $"{user}@{host}";

    private ContainerEngineException Failed(string text)
    {
        var said = text.Trim();
        var lines = said[^Math.Min(said.Length, LongestMessage)..].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reason = lines.LastOrDefault() ?? "it says nothing";
        reason = reason.StartsWith("Error: ", StringComparison.Ordinal) ? reason["Error: ".Length..] : reason;
        return new(ErrorKind.Network, "TransferFailed", $"{(place.IsLocal ? $"the engine of user {place.User}" : $"the engine on {place.Host}")} could not do its part: {reason}", place.ToString(),
            place.IsLocal ? null : "ssh must get there without a question: see that \"ssh -o BatchMode=yes HOST\" works");
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private string? Find(string program) => (environment.Variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Concat(["/usr/sbin", "/sbin"]).Where(directory => directory.StartsWith('/'))
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
