using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>Connects a container's namespace by slirp4netns(1): a process that speaks TCP/IP for it. It ends with the lifeline, whose other end
/// the container's conmon holds.</summary>
/// <param name="settings">Paths and choices.</param>
/// <param name="run">Runs a program.</param>
internal sealed class Slirp(NetworkSettings settings, IHelperRunner run)
{
    private const string Program = "slirp4netns";
    private const int AddressSize = 107; // sun_path with its end
    private const string AcceptDad = "/proc/sys/net/ipv6/conf/default/accept_dad";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Makes sure that slirp4netns is there and can do what is asked for.</summary>
    /// <exception cref="ContainerEngineException">MissingComponent, Unsupported or InvalidArgument.</exception>
    internal void Check(string options, IReadOnlyList<PortMapping> ports)
    {
        Find();
        Options(options);
        if (ports.FirstOrDefault(port => port.Protocol is not ("tcp" or "udp")) is { } other)
            throw EngineErrors.Unsupported($"slirp4netns can't forward {other.Protocol} ports", other.ToString(), "use a bridge network");
        if (ports.FirstOrDefault(port => port.HostIp.Contains(':')) is { } six)
            throw EngineErrors.Unsupported("slirp4netns can't forward ports of IPv6 addresses", six.ToString(), "publish on an IPv4 address, or use pasta");
    }

    /// <summary>The options in force.</summary>
    internal SlirpOptions Options(string options) => SlirpOptions.Parse(settings.NetworkCommandOptions, options);

    /// <summary>Connects a namespace.</summary>
    /// <param name="id">The container.</param>
    /// <param name="options">The user's options, separated by commas.</param>
    /// <param name="ports">The published ports.</param>
    /// <param name="namespacePath">The namespace's file.</param>
    /// <param name="lifeline">The end of a pipe: slirp4netns ends when nobody holds the other one.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; PortInUse; Runtime: slirp4netns's own complaint.</exception>
    internal void Start(string id, string options, IReadOnlyList<PortMapping> ports, string namespacePath, SafeHandle lifeline)
    {
        // It holds the ports itself, and would tell of a taken one, but not who has it.
        PortReservation.Take(ports).Dispose();
        var chosen = Options(options);
        var socket = SocketOf(id);
        _ = Files.TryRemove(socket);
        try
        {
            if (chosen.IPv6) WithoutDuplicateDetection(namespacePath, () => Run(chosen, ports.Count > 0 ? socket : null, namespacePath, lifeline));
            else Run(chosen, ports.Count > 0 ? socket : null, namespacePath, lifeline);
            foreach (var port in ports) Forward(socket, chosen.Address, port);
        }
        finally
        {
            _ = Files.TryRemove(socket);
        }
    }

    /// <summary>Connects a namespace of many containers; it goes on until it is ended.</summary>
    /// <returns>Its process id.</returns>
    /// <exception cref="ContainerEngineException">MissingComponent; Runtime: slirp4netns's own complaint.</exception>
    internal int StartShared(string namespacePath)
    {
        var chosen = Options("");
        var pid = 0;
        if (chosen.IPv6) WithoutDuplicateDetection(namespacePath, () => pid = Run(chosen, null, namespacePath, lifeline: null));
        else pid = Run(chosen, null, namespacePath, lifeline: null);
        return pid;
    }

    /// <summary>Removes what a start that was killed may have left.</summary>
    internal void Forget(string id) => _ = Files.TryRemove(SocketOf(id));

    /// <summary>slirp4netns's arguments: as podman gives them. Descriptor 3 is told that it is ready, the end of 4 ends it.</summary>
    internal static List<string> Arguments(SlirpOptions options, string? socket, string namespacePath, bool hasLifeline = true)
    {
        List<string> arguments = [$"--mtu={options.Mtu.ToString(CultureInfo.InvariantCulture)}", "--enable-sandbox", "--enable-seccomp"];
        if (!options.HostLoopback) arguments.Insert(0, "--disable-host-loopback");
        if (options.Cidr is { } cidr) arguments.Add("--cidr=" + cidr);
        if (options.IPv6) arguments.Add("--enable-ipv6");
        if (options.Outbound is { } outbound) arguments.Add("--outbound-addr=" + outbound);
        if (options.Outbound6 is { } outbound6) arguments.Add("--outbound-addr6=" + outbound6);
        arguments.AddRange(["-c", "-r", "3"]);
        if (hasLifeline) arguments.AddRange(["-e", "4"]);
        if (socket is not null) arguments.AddRange(["--api-socket", socket]);
        arguments.AddRange(["--netns-type=path", namespacePath, "tap0"]);
        return arguments;
    }

    /// <summary>The request for a forwarded port (slirp4netns(1), API).</summary>
    internal static string HostForward(PortMapping port, int step, string address)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("execute", "add_hostfwd");
            json.WriteStartObject("arguments");
            json.WriteString("proto", port.Protocol);
            json.WriteString("host_addr", port.HostIp.Length > 0 ? port.HostIp : "0.0.0.0");
            json.WriteNumber("host_port", port.HostPort + step);
            json.WriteString("guest_addr", address);
            json.WriteNumber("guest_port", port.ContainerPort + step);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    // The shell waits until it has been moved to its control group, and leaves slirp4netns behind: nobody's child, it leaves no zombie.
    private int Run(SlirpOptions options, string? socket, string namespacePath, SafeHandle? lifeline)
    {
        HelperResult started;
        var (ready, readyChild) = Descriptors.Pipe();
        using var log = MemoryFile.Create(Program);
        using (ready)
        {
            using (readyChild)
                // Its sandbox needs mounts that aren't shared with others.
                started = Namespaces.RunWithPrivateMounts(ground: null, () => run.Run(new HelperStart("/bin/sh",
                    ["-c", "read -r _; \"$0\" \"$@\" >&5 2>&5 </dev/null & echo $!", Find(), .. Arguments(options, socket, namespacePath, lifeline is not null)],
                    new Dictionary<string, string> { ["PATH"] = settings.SearchPath() }, "\n")
                {
                    Descriptors = lifeline is null ? new Dictionary<int, SafeHandle> { [3] = readyChild, [5] = log }
                        : new Dictionary<int, SafeHandle> { [3] = readyChild, [4] = lifeline, [5] = log },
                }));
            var buffer = new byte[1];
            if (Descriptors.WaitReadable(ready.DangerousGetHandle().ToInt32(), (int)Patience.TotalMilliseconds) && Descriptors.Read(ready, buffer) == 1)
                return int.TryParse(started.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        }
        throw new ContainerEngineException(ErrorKind.Runtime, "NetworkSetupFailed", $"slirp4netns failed: {MemoryFile.ReadText(log).ReplaceLineEndings(" ").Trim()}");
    }

    // The kernel would look for another machine with the container's IPv6 address for a second or two. There is none.
    private static void WithoutDuplicateDetection(string namespacePath, Action work)
    {
        var before = Namespaces.RunInNetwork(namespacePath, () => Set("0"));
        try
        {
            work();
        }
        finally
        {
            if (before.Length > 0) Namespaces.RunInNetwork(namespacePath, () => Set(before));
        }

        static string Set(string value)
        {
            if (!File.Exists(AcceptDad)) return "";
            var former = File.ReadAllText(AcceptDad).Trim();
            File.WriteAllText(AcceptDad, value);
            return former;
        }
    }

    private static void Forward(string path, string address, PortMapping port)
    {
        for (var step = 0; step < port.Range; step++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send(Encoding.UTF8.GetBytes(HostForward(port, step, address)));
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[2048];
            var answer = Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
            if (answer.Contains("\"error\"", StringComparison.Ordinal))
                throw new ContainerEngineException(ErrorKind.Runtime, "NetworkSetupFailed", $"slirp4netns can't forward the port {port with { HostPort = port.HostPort + step, ContainerPort = port.ContainerPort + step, Range = 1 }}: {answer.Trim()}");
        }
    }

    private string SocketOf(string id)
    {
        var path = Path.Combine(settings.SocketDirectory, $"slirp-{id[..12]}.sock");
        return Encoding.UTF8.GetByteCount(path) <= AddressSize ? path
            : throw EngineErrors.Unsupported($"the path {path} is too long for slirp4netns's socket", path, "choose a shorter --tmpdir");
    }

    private string Find() => settings.NetworkCommand is { } chosen
        ? File.Exists(chosen) ? chosen : throw new ContainerEngineException(ErrorKind.NotFound, "ComponentNotFound", $"the program for the network mode slirp4netns isn't there: {chosen}", chosen, "correct --network-cmd-path or network_cmd_path in containers.conf")
        : settings.FindHelper(Program) ?? throw EngineErrors.MissingComponent(Program, "for the network mode slirp4netns (pasta, bridge, host and none do without)", Program);
}
