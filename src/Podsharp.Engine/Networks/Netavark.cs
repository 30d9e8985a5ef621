using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Calls netavark, which makes bridges, interfaces, routes and firewall rules, and starts aardvark-dns.</summary>
/// <param name="settings">Paths and choices.</param>
/// <param name="run">Runs a program.</param>
internal sealed class Netavark(NetworkSettings settings, IHelperRunner run)
{
    private const string Package = "netavark aardvark-dns";
    private const int Retries = 3;
    private const int VanishingTurns = 25;
    private static readonly TimeSpan VanishingTurn = TimeSpan.FromMilliseconds(20);

    /// <summary>Connects a network namespace as the request says.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent, PortInUse or Runtime. What was made until then is taken down.</exception>
    internal NetworkSetup Setup(NetworkRequest request, string namespacePath, CancellationToken cancellationToken)
    {
        using var queue = NetavarkQueue.Enter(settings.RunDirectory, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            var result = Run("setup", namespacePath, request.Json);
            if (result.ExitCode == 0) return Read(result, request);
            // It may have made the interface and some of the rules.
            Retry(() => Run("teardown", namespacePath, request.Json), CancellationToken.None);
            if (attempt == Retries || !NetavarkErrors.IsBusy(result)) throw NetavarkErrors.Create("NetworkSetupFailed", "set up the container's network", result);
            Pause(attempt, cancellationToken);
        }
    }

    /// <summary>Makes sure that netavark is there: before anything is made that only it can take down.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent.</exception>
    internal void Require() => Find("netavark");

    /// <summary>Takes down what <see cref="Setup"/> made; what is missing is fine, so it can be called again after a kill.</summary>
    /// <param name="requestJson">The request of the set-up (<see cref="NetworkRequest.Json"/>).</param>
    /// <param name="namespacePath">The namespace's file; one that is gone does not hinder the rest.</param>
    /// <param name="cancellationToken">Ends the wait for a busy firewall.</param>
    internal void Teardown(string requestJson, string namespacePath, CancellationToken cancellationToken)
    {
        using var queue = NetavarkQueue.Enter(settings.RunDirectory, cancellationToken);
        var result = Retry(() => Run("teardown", namespacePath, requestJson), cancellationToken);
        if (result.ExitCode == 0) return;
        if (NetavarkErrors.IsAlreadyGone(result))
        {
            RemoveEmptyBridge(requestJson, namespacePath);
            return;
        }
        throw NetavarkErrors.Create("NetworkTeardownFailed", "take down the container's network", result);
    }

    // netavark removes a bridge, and the network's rules, with the last interface on it; where the interface went with its namespace,
    // it does not look. Setting up once more gives it something to remove.
    private void RemoveEmptyBridge(string requestJson, string namespacePath)
    {
        // The bridges of another namespace can't be seen from here.
        if (!settings.Rootless && !NetavarkJson.Interfaces(requestJson).Any(IsEmptied)) return;
        Run("setup", namespacePath, requestJson);
        Retry(() => Run("teardown", namespacePath, requestJson), CancellationToken.None);
    }

    // The kernel takes a dead namespace's interfaces away in its own time. Those of running containers stay, so the wait has an end.
    private static bool IsEmptied(string bridge)
    {
        var ports = $"/sys/class/net/{bridge}/brif";
        for (var left = VanishingTurns; Directory.Exists(ports); left--)
        {
            if (!Directory.EnumerateFileSystemEntries(ports).Any()) return true;
            if (left == 0) return false;
            Thread.Sleep(VanishingTurn);
        }
        return false;
    }

    /// <summary>Has a network's name server forward to other servers; to the host's where none are named.</summary>
    /// <exception cref="ContainerEngineException">Runtime.</exception>
    internal void Update(string network, IReadOnlyList<string> servers, CancellationToken cancellationToken)
    {
        using var queue = NetavarkQueue.Enter(settings.RunDirectory, cancellationToken);
        var result = Run(["update", network, "--network-dns-servers", string.Join(',', servers)], "");
        if (result.ExitCode != 0) throw NetavarkErrors.Create("NetworkUpdateFailed", "change the network's name servers", result);
    }

    private static NetworkSetup Read(HelperResult result, NetworkRequest request)
    {
        try
        {
            return new NetworkSetup(NetavarkJson.Status(result.Answer, request), result.Answer);
        }
        catch (JsonException e)
        {
            throw new ContainerEngineException(ErrorKind.Runtime, "NetworkSetupFailed", "netavark's answer can't be read", null, null, e);
        }
    }

    private static HelperResult Retry(Func<HelperResult> call, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var result = call();
            if (result.ExitCode == 0 || attempt == Retries || !NetavarkErrors.IsBusy(result)) return result;
            Pause(attempt, cancellationToken);
        }
    }

    private static void Pause(int attempt, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20 << attempt));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private HelperResult Run(string verb, string namespacePath, string input) => Run([verb, namespacePath], input);

    private HelperResult Run(IReadOnlyList<string> command, string input) =>
        run.Run(new HelperStart(Find("netavark"), Arguments(command), Environment(), input));

    private List<string> Arguments(IReadOnlyList<string> command)
    {
        List<string> arguments = ["--config", settings.RunDirectory, $"--rootless={(settings.Rootless ? "true" : "false")}"];
        if (settings.FindHelper("aardvark-dns") is { } aardvark) arguments.Add("--aardvark-binary=" + aardvark);
        // netavark before 1.6 knows no plug-ins: it is only told of directories that are there.
        foreach (var directory in settings.PluginDirectories.Where(Directory.Exists)) arguments.Add("--plugin-directory=" + directory);
        arguments.AddRange(command);
        return arguments;
    }

    private Dictionary<string, string> Environment()
    {
        var variables = new Dictionary<string, string> { ["PATH"] = settings.SearchPath() };
        foreach (var name in (string[])["XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "RUST_LOG"])
        {
            if (settings.Environment.TryGetValue(name, out var value)) variables[name] = value;
        }
        // An ordinary user can't write to iptables' own place.
        if (settings.Rootless) variables["XTABLES_LOCKFILE"] = Path.Combine(settings.RunDirectory, "xtables.lock");
        if (FirewallDriver() is { } driver) variables["NETAVARK_FW"] = driver;
        if (settings.DnsPort != 53) variables["NETAVARK_DNS_PORT"] = settings.DnsPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return variables;
    }

    // netavark's own default stands unless its tool is missing and the other one is there.
    private string? FirewallDriver()
    {
        if (settings.FirewallDriver is { Length: > 0 } chosen) return chosen;
        var directories = settings.SearchPath().Split(':');
        return !Has(directories, "nft") && Has(directories, "iptables") ? "iptables" : null;
    }

    private string Find(string program) => settings.FindHelper(program)
        ?? throw EngineErrors.MissingComponent(program, "to connect containers to a network (--network none and host do without)", Package);

    private static bool Has(string[] directories, string program) => directories.Any(d => File.Exists(Path.Combine(d, program)));
}
