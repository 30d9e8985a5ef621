using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Build;

/// <summary>The host's ssh-agent with the keys of some files, as long as a RUN's command runs.</summary>
internal sealed class KeyAgent : IDisposable
{
    private const string SocketName = "keys";
    private const string ProcessName = "keys.pid";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private readonly int process;

    private KeyAgent(int process) => this.process = process;

    /// <summary>Starts one.</summary>
    /// <param name="parts">The engine.</param>
    /// <param name="directory">A directory of its own, in memory.</param>
    /// <param name="keys">The files of the private keys.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The agent; its socket is in the directory.</returns>
    /// <exception cref="ContainerEngineException">MissingComponent; InvalidArgument: a key can't be read without its passphrase, or is none.</exception>
    internal static KeyAgent Start(EngineParts parts, string directory, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var program = parts.Components.FindHelper("ssh-agent") ?? throw Missing("ssh-agent");
        var add = parts.Components.FindHelper("ssh-add") ?? throw Missing("ssh-add");
        // Relative to its directory: the whole path would not fit into an address.
        var agent = new KeyAgent(Processes.Spawn(new() { Path = program, Arguments = ["ssh-agent", "-D", "-a", SocketName], WorkingDirectory = directory, NewSession = true }));
        try
        {
            Files.Replace(Path.Combine(directory, ProcessName), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{agent.process} {ProcessTable.StartTime(agent.process)}")), 0x180, durable: false);
            agent.Await(Path.Combine(directory, SocketName), cancellationToken);
            foreach (var key in keys)
                Add(add, directory, key, cancellationToken);
            return agent;
        }
        catch
        {
            agent.Dispose();
            throw;
        }
    }

    /// <summary>Ends agents of a build that was killed.</summary>
    /// <param name="directory">The build's directory in memory.</param>
    internal static void Sweep(string directory)
    {
        foreach (var file in Directory.EnumerateFiles(directory, ProcessName, SearchOption.AllDirectories))
        {
            if (Files.TryReadAll(file) is { } bytes && Encoding.ASCII.GetString(bytes).Split(' ') is [var pid, var start] && int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(start, CultureInfo.InvariantCulture, out var time) && ProcessTable.IsAlive(number, time))
                Processes.Kill(number, Signals.Kill);
        }
    }

    /// <summary>The name of the socket in the directory.</summary>
    internal static string Socket => SocketName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Processes.Kill(process, Signals.Kill);
        Processes.Wait(process);
    }

    private void Await(string socket, CancellationToken cancellationToken)
    {
        var limit = DateTime.UtcNow + s_patience;
        while (Files.TryStatus(socket) is null)
        {
            if (Processes.TryWait(process) is not null || DateTime.UtcNow > limit)
                throw new ContainerEngineException(ErrorKind.Runtime, "AgentFailed", "ssh-agent doesn't start", "ssh-agent", "give the socket of an agent that runs: --ssh ID=SOCKET");
            cancellationToken.ThrowIfCancellationRequested();
            Thread.Sleep(s_pause);
        }
    }

    // Nobody is asked for a passphrase: a build has no terminal.
    private static void Add(string program, string directory, string key, CancellationToken cancellationToken)
    {
        var outcome = Programs.Run(new()
        {
            Path = program,
            Arguments = ["ssh-add", "-q", key],
            Environment = ["SSH_AUTH_SOCK=" + SocketName, "SSH_ASKPASS_REQUIRE=never", "LC_ALL=C"],
            WorkingDirectory = directory,
            NewSession = true,
        }, s_patience, cancellationToken);
        if (outcome.ExitCode is not (null or 0))
            throw EngineErrors.InvalidArgument($"the key {key} can't be used: ssh-add says: {outcome.Error.Trim().Split('\n')[^1]}", key,
                "name an unprotected private key, or add it to an agent yourself (ssh-add) and name that: --ssh default");
    }

    private static ContainerEngineException Missing(string program) => EngineErrors.MissingComponent(program, "to give RUN the keys of files (--ssh ID=FILE)", "openssh-client");
}
