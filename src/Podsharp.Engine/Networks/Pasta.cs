using System.Globalization;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Connects a container's namespace by pasta(1): a process that passes its traffic on as the host's own, without a bridge and without
/// firewall rules. It ends when the namespace's file goes.</summary>
/// <param name="settings">Paths and choices.</param>
/// <param name="run">Runs a program.</param>
internal sealed class Pasta(NetworkSettings settings, IHelperRunner run)
{
    /// <summary>Where the container reaches the host's name servers.</summary>
    internal const string DnsForward = "169.254.1.1";

    /// <summary>Where the container reaches the host: it has the host's own address itself.</summary>
    internal const string GuestAddress = "169.254.1.2";

    /// <summary>The option that is followed by <see cref="DnsForward"/>.</summary>
    internal const string ForwardOption = "--dns-forward";

    /// <summary>The option that is followed by <see cref="GuestAddress"/>.</summary>
    internal const string MapGuest = "--map-guest-addr";

    /// <summary>Makes sure that pasta is there and can do what is asked for.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent, or Unsupported.</exception>
    internal void Check(IReadOnlyList<PortMapping> ports)
    {
        Find();
        if (ports.FirstOrDefault(port => port.Protocol is not ("tcp" or "udp")) is { } port1)
            throw EngineErrors.Unsupported($"pasta can't forward {port1.Protocol} ports", port1.ToString(), "use a bridge network");
    }

    /// <summary>Connects a namespace.</summary>
    /// <param name="options">The user's options, separated by commas.</param>
    /// <param name="ports">The published ports.</param>
    /// <param name="namespacePath">The namespace's file.</param>
    /// <param name="pidFile">Where pasta is to write its process id; null for nowhere.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; PortInUse; Runtime: pasta's own complaint.</exception>
    internal void Start(string options, IReadOnlyList<PortMapping> ports, string namespacePath, string? pidFile = null)
    {
        // pasta holds the ports itself. It would tell of a taken one, but not who has it.
        PortReservation.Take(ports).Dispose();
        var arguments = Arguments(settings.PastaOptions, options, ports, namespacePath, settings.Rootless);
        if (pidFile is not null) arguments = ["--pid", pidFile, .. arguments];
        var result = Run([.. arguments, MapGuest, GuestAddress]);
        // Before 2024-08 it doesn't know that one.
        if (result.ExitCode != 0 && result.Output.Contains("map-guest-addr", StringComparison.Ordinal)) result = Run(arguments);
        if (result.ExitCode != 0)
            throw new ContainerEngineException(ErrorKind.Runtime, "NetworkSetupFailed", $"pasta failed with exit code {result.ExitCode}: {result.Output.ReplaceLineEndings(" ").Trim()}");
    }

    /// <summary>Waits until the process of a namespace that is gone has noticed that, and let go of its ports: the next start wants them.</summary>
    internal static void AwaitEnd(string namespacePath)
    {
        using var running = OwnProcess.Find(arguments => arguments.Contains(namespacePath) && Path.GetFileName(arguments[0]).StartsWith("pasta", StringComparison.Ordinal));
        running?.AwaitEnd();
    }

    /// <summary>pasta's arguments, as podman gives them.</summary>
    internal static List<string> Arguments(IReadOnlyList<string> defaults, string options, IReadOnlyList<PortMapping> ports, string namespacePath, bool rootless)
    {
        var given = defaults.Concat(options.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var mapsGateway = given.Remove("--map-gw");
        List<string> arguments = ["--config-net", .. given];
        foreach (var port in ports) arguments.AddRange([port.Protocol == "udp" ? "-u" : "-t", Port(port)]);
        if (!Has(ForwardOption)) arguments.AddRange([ForwardOption, DnsForward]);
        // What isn't published isn't forwarded: pasta's default is to forward whatever is bound.
        if (!Has("-t", "--tcp-ports")) arguments.AddRange(["-t", "none"]);
        if (!Has("-u", "--udp-ports")) arguments.AddRange(["-u", "none"]);
        if (!Has("-T", "--tcp-ns")) arguments.AddRange(["-T", "none"]);
        if (!Has("-U", "--udp-ns")) arguments.AddRange(["-U", "none"]);
        if (!mapsGateway) arguments.Add("--no-map-gw");
        // It would become nobody, who can't enter root's namespaces.
        if (!rootless) arguments.AddRange(["--runas", "0"]);
        arguments.AddRange(["--quiet", "--netns", namespacePath]);
        return arguments;

        bool Has(params string[] names) => arguments.Any(argument => names.Contains(argument) || names.Any(name => argument.StartsWith(name + "=", StringComparison.Ordinal)));
    }

    private static string Port(PortMapping port)
    {
        var host = Range(port.HostPort, port.Range);
        var text = string.Create(CultureInfo.InvariantCulture, $"{host}:{Range(port.ContainerPort, port.Range)}");
        return port.HostIp.Length > 0 ? $"{port.HostIp}/{text}" : text;
    }

    private static string Range(int first, int count) => string.Create(CultureInfo.InvariantCulture, $"{first}-{first + count - 1}");

    // It goes to the background at once, and takes along the cgroup that it has then: the shell waits until it has been moved.
    private HelperResult Run(IReadOnlyList<string> arguments) =>
        run.Run(new HelperStart("/bin/sh", ["-c", "read -r _; exec \"$0\" \"$@\"", Find(), .. arguments],
            new Dictionary<string, string> { ["PATH"] = settings.SearchPath() }, "\n"));

    private string Find() => settings.FindHelper("pasta") ?? throw EngineErrors.MissingComponent("pasta", "for the network mode pasta", "passt");
}
