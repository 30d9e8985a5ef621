using static Podsharp.Orchestration.CommandLine.OptionBuilder;

namespace Podsharp.Orchestration.CommandLine;

/// <summary>The commands on networks.</summary>
internal static class NetworkCommands
{
    internal static CommandDefinition[] All() =>
    [
        new(CommandId.NetworkCreate, ["network create"], "[options] [NAME]", "Make a network", () =>
        [
            Flag("disable-dns", "No name server: containers don't find each other by name"),
            Commas("dns", "Where its name server forwards to"),
            Text("driver", "bridge, macvlan or ipvlan", 'd', "bridge"),
            Commas("gateway", "Gateway of a subnet (default: its first address)"),
            Flag("ignore", "Don't mind a network that exists"),
            Text("interface-name", "Name of the bridge, or the parent interface"),
            Flag("internal", "No way to the outside"),
            List("ip-range", "Give out these addresses of a subnet (10.89.0.0/26, 10.89.0.10-10.89.0.20)"),
            Text("ipam-driver", "Who gives addresses out: host-local, dhcp or none"),
            Flag("ipv6", "Subnets of both families"),
            List("label", "Set a label (NAME=value)"),
            List("opt", "Driver option: mtu, metric, vlan, isolate, vrf, mode, parent, bclim, no_default_route", 'o'),
            List("route", "Route for its containers (DESTINATION,GATEWAY[,METRIC])"),
            List("subnet", "Subnet (10.89.0.0/24)"),
        ])
        {
            MaximumArguments = 1,
            Description = "Only the definition is made, a file that podman reads, too; bridge and name server come with the first container. podman and podsharp give\n"
                + "out addresses of different ranges of each subnet, so that containers of both can be on it.",
            Examples = ["network create web", "network create --subnet 10.70.0.0/16 --ipv6 back", "network create --driver macvlan --opt parent=eth0 --subnet 192.0.2.0/24 --gateway 192.0.2.1 lan"],
        },
        new(CommandId.NetworkList, ["network ls"], "[options]", "List networks", () =>
        [
            List("filter", "Show those for which this holds: name=, id=, driver=, label=, dangling=, until=", 'f'),
            ContainerCommands.Format(short_: false),
            Flag("no-trunc", "Don't shorten ids"),
            Flag("noheading", "No heading line", 'n'),
            Flag("quiet", "Print names only", 'q'),
        ])
        { HiddenPaths = ["network list"], MaximumArguments = 0 },
        new(CommandId.NetworkInspect, ["network inspect"], "[options] NETWORK [NETWORK...]", "Show all about networks", () => [ContainerCommands.Format()])
        { MinimumArguments = 1, ArgumentCompletion = CompletionKind.NetworkName },
        new(CommandId.NetworkExists, ["network exists"], "NETWORK", "Tell by the exit code whether a network exists", () => [])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.NetworkName, Description = "Exit code 0 if it exists, 1 if not, 125 if that can't be told." },
        new(CommandId.NetworkRemove, ["network rm"], "[options] NETWORK [NETWORK...]", "Remove networks", () =>
        [
            Flag("force", "Remove containers that use it, too", 'f'),
            Number("time", "With --force: seconds until SIGKILL", 't'),
        ])
        { HiddenPaths = ["network remove"], MinimumArguments = 1, ArgumentCompletion = CompletionKind.NetworkName },
        new(CommandId.NetworkPrune, ["network prune"], "[options]", "Remove networks that no container uses", () =>
        [
            Flag("dry-run", "Show what would be removed"),
            List("filter", "Remove those for which this holds: label=, label!=, until="),
            Flag("force", "Don't ask", 'f'),
        ])
        { MaximumArguments = 0, Description = "Networks that podman made are left to podman." },
        new(CommandId.NetworkConnect, ["network connect"], "[options] NETWORK CONTAINER", "Connect a container to a network", () =>
        [
            Commas("alias", "Further name of the container in the network"),
            Text("ip", "IPv4 address to have"),
            Text("ip6", "IPv6 address to have"),
            Text("mac-address", "MAC address to have"),
        ])
        { MinimumArguments = 2, MaximumArguments = 2, ArgumentCompletion = CompletionKind.NetworkName },
        new(CommandId.NetworkDisconnect, ["network disconnect"], "[options] NETWORK CONTAINER", "Disconnect a container from a network", () =>
        [
            NoEffect(Flag("force", "Disconnect it in any case", 'f')),
        ])
        { MinimumArguments = 2, MaximumArguments = 2, ArgumentCompletion = CompletionKind.NetworkName },
        new(CommandId.NetworkReload, ["network reload"], "[options] [CONTAINER...]", "Make the interfaces and firewall rules of containers anew", () =>
        [
            Flag("all", "All containers that run and have a network of their own", 'a'),
            ContainerCommands.Latest(),
        ])
        { ArgumentCompletion = CompletionKind.RunningContainer, Description = "After a firewall was reloaded, for example: the containers keep their addresses." },
        new(CommandId.NetworkUpdate, ["network update"], "[options] NETWORK", "Change the name servers that a network's name server forwards to", () =>
        [
            Commas("dns-add", "Forward to this server, too"),
            Commas("dns-drop", "Don't forward to this server any more"),
        ])
        { MinimumArguments = 1, MaximumArguments = 1, ArgumentCompletion = CompletionKind.NetworkName },
    ];
}
