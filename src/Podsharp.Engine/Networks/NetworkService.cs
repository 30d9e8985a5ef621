using System.Net;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Networks;

/// <summary>The engine's networks: plans at creation; addresses, set-up and teardown at start and end.</summary>
/// <remarks>The order of a start, each step undoable from what the one before recorded:
/// <see cref="Prepare"/>, whose request is recorded in the container's state; then
/// <see cref="CreateNamespace"/>; then <see cref="Setup"/>. The end: <see cref="Teardown"/>, <see cref="DeleteNamespace"/>, then
/// <see cref="ReleaseAddresses"/>.</remarks>
/// <param name="settings">Where networks are and with what they are made.</param>
/// <param name="runner">Runs netavark.</param>
/// <param name="database">Holds the address book.</param>
internal sealed partial class NetworkService(NetworkSettings settings, IHelperRunner runner, StateDatabase database)
{
    private readonly NetworkNamespaces namespaces = new(settings);
    private readonly RootlessNamespace rootless = new(settings, runner);
    private readonly Netavark netavark = new(settings, settings.Rootless ? new NamespaceRunner(RootlessNamespace.PathIn(settings), runner) : runner);
    private readonly Pasta pasta = new(settings, runner);
    private readonly Slirp slirp = new(settings, runner);
    private readonly Cni cni = new(settings, runner);

    /// <summary>Whether networks are CNI's, not netavark's.</summary>
    internal bool UsesCni => settings.UsesCni;

    /// <summary>The network definitions.</summary>
    internal NetworkStore Store { get; } = new(settings);

    /// <summary>Decides a container's network and checks it. Nothing is made, but for the default network's file.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="image">The image's configuration.</param>
    /// <param name="resolveContainer">Turns a container's name into its id.</param>
    /// <param name="cancellationToken">Ends a wait for a lock.</param>
    internal NetworkPlan Plan(ContainerSpec spec, ImageConfig image, Func<string, string> resolveContainer, CancellationToken cancellationToken = default)
    {
        NameRules.Check(spec);
        var exposed = PortPlan.Exposed(image.ExposedPorts, spec.Expose);
        var mode = spec.Network.Kind is NamespaceKind.Default or NamespaceKind.Shareable ? new NamespaceMode(NamespaceKind.Private) : spec.Network;
        if (settings.Rootless && spec.Network.Kind != NamespaceKind.Private && mode.Kind == NamespaceKind.Private && spec.Networks.Count == 0) mode = RootlessMode();
        if (mode.Kind == NamespaceKind.Private)
        {
            Require();
            CheckServers(spec.DnsServers);
            var published = PortPlan.Resolve(spec.Ports, exposed, spec.PublishAll);
            CheckForwarding(published);
            return new NetworkPlan { Mode = mode, Attachments = Attachments(spec.Networks, cancellationToken), Ports = published, ExposedPorts = exposed };
        }
        if (spec.Networks.Count > 0)
        {
            throw EngineErrors.InvalidArgument($"a container with the network mode \"{mode}\" can't be attached to networks", mode.ToString(),
                "leave out the mode or the networks, addresses and aliases");
        }
        if (mode.Kind is NamespaceKind.Pasta or NamespaceKind.Slirp4netns)
        {
            var ports = PortPlan.Resolve(spec.Ports, exposed, spec.PublishAll);
            if (mode.Kind == NamespaceKind.Pasta) pasta.Check(ports);
            else slirp.Check(mode.Target ?? "", ports);
            CheckServers(spec.DnsServers);
            return new NetworkPlan { Mode = mode, Ports = ports, ExposedPorts = exposed };
        }
        if (mode is { Kind: NamespaceKind.Container, Target: { } target }) mode = mode with { Target = resolveContainer(target) };
        return new NetworkPlan
        {
            Mode = mode,
            ExposedPorts = exposed,
            Warnings = spec.Ports.Count > 0 || spec.PublishAll
                ? [$"the published ports are not used: the network mode \"{mode}\" does without port forwarding"]
                : [],
        };
    }

    /// <summary>Makes sure that a container's networks are still there once it is recorded: from then on nobody removes them.</summary>
    /// <exception cref="ContainerEngineException">NotFound.</exception>
    internal void CheckNetworks(ContainerConfig config)
    {
        foreach (var attachment in config.Networks) _ = Store.Resolve(attachment.Network);
    }

    /// <summary>Refuses addresses that a new container couldn't have now. It may still lose them to another one before its start.</summary>
    /// <exception cref="ContainerEngineException">InUse; InvalidArgument.</exception>
    internal void CheckAddresses(IReadOnlyList<NetworkAttachment> attachments, string containerId)
    {
        foreach (var attachment in attachments.Where(attachment => attachment.StaticIps.Count > 0))
        {
            if (Store.Resolve(attachment.Network) is not { IsCni: false } network || !database.Exists) continue;
            var foreign = ForeignAddresses(network, containerId);
            database.Read(connection =>
            {
                var leases = new AddressLeaseTable(connection, transaction: null);
                foreach (var wanted in attachment.StaticIps.Select(IPAddress.Parse))
                    if (network.Subnets.FirstOrDefault(subnet => subnet.Network.Contains(wanted)) is { } subnet) leases.Check(network.Name, subnet, wanted, foreign);
                return true;
            });
        }
    }

    /// <summary>Reserves the addresses, in one transaction, and words the request. A container that has addresses keeps them.</summary>
    /// <param name="config">The container: its attachments, ports and names.</param>
    /// <param name="cancellationToken">Ends the wait for the state.</param>
    internal NetworkRequest Prepare(ContainerConfig config, CancellationToken cancellationToken = default)
    {
        Require();
        // Files are read before the transaction begins.
        var networks = config.Networks.Select(a => Store.Resolve(a.Network, cancellationToken)).ToDictionary(n => n.Name, StringComparer.Ordinal);
        var foreign = networks.Values.ToDictionary(n => n.Name, n => ForeignAddresses(n, config.Id));
        var addresses = database.Write(Durability.Boot, (connection, transaction) =>
        {
            var leases = new AddressLeaseTable(connection, transaction);
            return config.Networks.ToDictionary(a => a.Network, a => networks[a.Network].IsCni ? a.StaticIps : Reserve(leases, a, networks[a.Network], config.Id, foreign[a.Network]));
        }, cancellationToken);
        var hostName = config.Spec.HostName ?? config.Id[..12];
        var attachments = config.Networks.Select(a => a with
        {
            StaticIps = addresses[a.Network],
            Aliases = [.. a.Aliases.Append(config.Id[..12]).Append(hostName).Where(n => n != config.Name).Distinct()],
        }).ToList();
        // A server by name would break netavark's parser.
        var servers = (config.Spec.DnsServers.Count > 0 ? config.Spec.DnsServers : settings.DnsServers).Where(s => IPAddress.TryParse(s, out _)).ToList();
        return new NetworkRequest(NetavarkJson.Request(config.Id, config.Name, hostName, attachments, networks, config.Ports, servers, settings.Rootless ? rootless.Way().Forwarder : null), networks, attachments);
    }

    private static IReadOnlyList<string> Reserve(IAddressLeases leases, NetworkAttachment attachment, NetworkDefinition network, string containerId,
        IReadOnlySet<IPAddress> foreign)
    {
        var wanted = attachment.StaticIps.Select(IPAddress.Parse).ToList();
        return [.. network.Subnets.Select(s => leases.Reserve(network.Name, s, containerId, wanted.FirstOrDefault(s.Network.Contains), foreign).ToString())];
    }

    /// <summary>Gives back what outlives a reboot: CNI's address book is on the disk.</summary>
    internal void TeardownAfterReboot(string requestJson)
    {
        if (CniCall.IsMeant(requestJson)) cni.Teardown(requestJson, "", CancellationToken.None);
    }

    private void Require()
    {
        if (settings.UsesCni && settings.Rootless)
            throw EngineErrors.Unsupported("an ordinary user's bridge networks are made by netavark only", "network_backend", "set network_backend to netavark in containers.conf, or use pasta");
        if (settings.UsesCni) cni.Require();
        else netavark.Require();
        if (settings.Rootless) rootless.Require();
    }

    /// <summary>Gives a container's addresses back; none is fine.</summary>
    internal void ReleaseAddresses(string containerId) =>
        database.Write(Durability.Boot, (connection, transaction) => new AddressLeaseTable(connection, transaction).Release(containerId));

    /// <summary>Makes the container's network namespace and returns its path.</summary>
    internal string CreateNamespace(string containerId, SafeFileHandle? made = null, CancellationToken cancellationToken = default) => namespaces.Create(containerId, made, cancellationToken);

    /// <summary>The path that <see cref="CreateNamespace"/> would return.</summary>
    internal string NamespacePath(string containerId) => namespaces.PathOf(containerId);

    /// <summary>Takes a network namespace away; one that is not there is fine.</summary>
    internal static void DeleteNamespace(string path) => NetworkNamespaces.Delete(path);

    /// <summary>Connects the namespace. On failure all of it is taken down again, but the namespace itself.</summary>
    internal NetworkSetup Setup(NetworkRequest request, string namespacePath, CancellationToken cancellationToken = default)
    {
        if (request.Attachments.Count == 0) return new NetworkSetup([], "{}");
        if (settings.Rootless) return SetupRootless(request, namespacePath, cancellationToken);
        return CniCall.IsMeant(request.Json) ? cni.Setup(request, namespacePath, cancellationToken) : netavark.Setup(request, namespacePath, cancellationToken);
    }

    /// <summary>Connects the namespace of a container of the mode pasta, which ends by <see cref="DeleteNamespace"/>, or slirp4netns, which ends with its lifeline.</summary>
    internal void StartProgram(ContainerConfig config, string namespacePath, Lifeline? lifeline)
    {
        if (lifeline is null) pasta.Start(config.Network.Target ?? "", config.Ports, namespacePath);
        else slirp.Start(config.Id, config.Network.Target ?? "", config.Ports, namespacePath, lifeline.Watched);
    }

    /// <summary>The options of a container of the mode slirp4netns: they say what addresses it has.</summary>
    internal SlirpOptions SlirpOptions(ContainerConfig config) => slirp.Options(config.Network.Target ?? "");

    /// <summary>Removes what a killed start of slirp4netns may have left.</summary>
    internal void ForgetSlirp(string containerId) => slirp.Forget(containerId);

    /// <summary>Takes the container's connections down.</summary>
    /// <param name="requestJson">The request of the set-up (<see cref="NetworkRequest.Json"/>).</param>
    /// <param name="namespacePath">The namespace's file.</param>
    /// <param name="cancellationToken">Ends the wait for a busy firewall.</param>
    internal void Teardown(string requestJson, string namespacePath, CancellationToken cancellationToken = default)
    {
        if (NetavarkJson.IsEmpty(requestJson)) return;
        // What was set up by CNI is taken down by it, whatever containers.conf says by now.
        if (CniCall.IsMeant(requestJson))
        {
            cni.Teardown(requestJson, namespacePath, cancellationToken);
            return;
        }
        // With the namespace of the bridges all is gone that it would take down.
        if (settings.Rootless && !rootless.Exists) return;
        // netavark wants a namespace even to take down rules. One that is gone (a kill in the middle) is stood in for.
        if (!NetworkNamespaces.Exists(namespacePath)) namespaces.CreateAt(namespacePath, cancellationToken: cancellationToken);
        netavark.Teardown(requestJson, namespacePath, cancellationToken);
    }

    /// <summary>Tells a network's name server where to forward to from now on; nothing where it doesn't run.</summary>
    internal void UpdateDns(NetworkDefinition network, CancellationToken cancellationToken)
    {
        if (!DnsRecord.List(settings.RunDirectory).Any(record => record.Network == network.Name) || (settings.Rootless && !rootless.Exists)) return;
        var servers = network.DnsServers.Count == 0 && settings.Rootless ? [rootless.Way().Forwarder] : network.DnsServers;
        netavark.Update(network.Name, servers, cancellationToken);
    }

    /// <summary>Holds the plan's host ports; the sockets go to conmon.</summary>
    /// <exception cref="ContainerEngineException">PortInUse.</exception>
    internal static PortReservation ReservePorts(IReadOnlyList<PortMapping> ports) => PortReservation.Take(ports);

    private static void CheckServers(IReadOnlyList<string> servers)
    {
        if (servers is ["none"]) return;
        if (servers.FirstOrDefault(s => !IPAddress.TryParse(s, out _)) is { } wrong)
            throw EngineErrors.InvalidArgument($"\"{wrong}\" is no IP address", wrong, "give name servers as addresses, for example 9.9.9.9");
    }

    /// <summary>Checks the networks of a container and names its interfaces; without any it is the default network.</summary>
    internal List<NetworkAttachment> Attachments(IReadOnlyList<NetworkAttachment> wanted, CancellationToken cancellationToken)
    {
        var attachments = new List<NetworkAttachment>();
        foreach (var attachment in wanted.Count > 0 ? wanted : [new NetworkAttachment()])
        {
            var network = Store.Resolve(attachment.Network, cancellationToken);
            if (attachments.Any(a => a.Network == network.Name))
                throw EngineErrors.InvalidArgument($"the network {network.Name} is given twice", network.Name, "name each network once");
            CheckAddresses(network, attachment);
            attachments.Add(attachment with { Network = network.Name, InterfaceName = attachment.InterfaceName ?? FreeInterface(wanted, attachments) });
        }
        if (attachments.GroupBy(a => a.InterfaceName).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw EngineErrors.InvalidArgument($"the interface name {twice.Key} is given twice", twice.Key, "name each interface otherwise");
        return attachments;
    }

    /// <summary>Checks a further network for a container and names its interface.</summary>
    internal NetworkAttachment Attach(IReadOnlyList<NetworkAttachment> present, NetworkAttachment wanted, CancellationToken cancellationToken)
    {
        var network = Store.Resolve(wanted.Network, cancellationToken);
        CheckAddresses(network, wanted);
        if (wanted.InterfaceName is { } name && present.Any(other => other.InterfaceName == name))
            throw EngineErrors.InvalidArgument($"the interface name {name} is taken by the network {present.First(other => other.InterfaceName == name).Network}", name, "choose another one");
        return wanted with { Network = network.Name, InterfaceName = wanted.InterfaceName ?? FreeInterface(present, []) };
    }

    /// <summary>Gives back the addresses that a container has in other networks than these.</summary>
    internal void KeepAddresses(string containerId, IReadOnlyList<NetworkAttachment> networks) =>
        database.Write(Durability.Boot, (connection, transaction) => new AddressLeaseTable(connection, transaction).Keep(containerId, [.. networks.Select(network => network.Network)]));

    private static void CheckAddresses(NetworkDefinition network, NetworkAttachment attachment)
    {
        foreach (var text in attachment.StaticIps)
        {
            if (!IPAddress.TryParse(text, out var address)) throw EngineErrors.InvalidArgument($"\"{text}\" is no IP address", text);
            var subnet = network.Subnets.FirstOrDefault(s => s.Network.Contains(address)) ?? throw EngineErrors.InvalidArgument(
                $"the address {text} is in no subnet of the network {network.Name} ({string.Join(", ", network.Subnets.Select(s => s.Network))})", text,
                "choose an address of that subnet");
            AddressAllocator.CheckWanted(network.Name, subnet, address);
        }
        if (network.IsCni) CheckCni(network, attachment);
        if (attachment.StaticMac is { Length: > 0 } mac && (mac.Count(c => c == ':') != 5 || !System.Net.NetworkInformation.PhysicalAddress.TryParse(mac, out _)))
            throw EngineErrors.InvalidArgument($"\"{mac}\" is no MAC address", mac, "write it as 92:d0:c6:0a:29:33");
    }

    // A plugin gets what it says that it takes; the rest would be lost without a word.
    private static void CheckCni(NetworkDefinition network, NetworkAttachment attachment)
    {
        Takes("ips", attachment.StaticIps.Count > 0, "addresses that are asked for");
        Takes("mac", attachment.StaticMac is { Length: > 0 }, "hardware addresses that are asked for");
        Takes("aliases", attachment.Aliases.Count > 0, "aliases");
        if (attachment.HostInterfaceName is { Length: > 0 } host)
            throw EngineErrors.Unsupported("CNI chooses the names of the host's interfaces itself", host, "leave out host_interface_name");

        void Takes(string capability, bool wanted, string what)
        {
            if (wanted && !CniFile.Takes(network.Raw, capability))
                throw EngineErrors.Unsupported($"the CNI network {network.Name} has no plugin for {what} (capability {capability})", network.Name,
                    capability == "aliases" ? "install the CNI plugin dnsname and make the network anew, or use netavark" : "make the network with: podsharp network create");
        }
    }

    private static string FreeInterface(IReadOnlyList<NetworkAttachment> wanted, IReadOnlyList<NetworkAttachment> attachments)
    {
        for (var i = 0; ; i++)
        {
            var name = $"eth{i}";
            if (wanted.All(w => w.InterfaceName != name) && attachments.All(a => a.InterfaceName != name)) return name;
        }
    }

    // The network's names file lists every address in use there, also of containers that another state directory of this host or
    // podman put on it. CID SP v4-list SP v6-list SP names; line 1 holds the listen addresses.
    private HashSet<IPAddress> ForeignAddresses(NetworkDefinition network, string containerId)
    {
        var addresses = new HashSet<IPAddress>();
        foreach (var file in (string[])[network.Name, network.Name + "%int"])
        {
            if (Files.TryReadAll(Path.Combine(settings.RunDirectory, "aardvark-dns", file)) is not { } content) continue;
            foreach (var line in Encoding.UTF8.GetString(content).Split('\n').Skip(1))
            {
                var fields = line.Split(' ');
                if (fields.Length < 3 || fields[0] == containerId) continue;
                foreach (var text in fields[1].Split(',').Concat(fields[2].Split(',')))
                {
                    if (text.Length > 0 && IPAddress.TryParse(text, out var address)) addresses.Add(address);
                }
            }
        }
        return addresses;
    }
}
