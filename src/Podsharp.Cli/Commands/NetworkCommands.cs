using Podsharp.Cli.Interactive;
using Podsharp.Cli.Output;
using Podsharp.Model;
using Podsharp.Orchestration.Containers;
using Podsharp.Wire.Shapes;
using Podsharp.Wire.Values;

namespace Podsharp.Cli.Commands;

/// <summary>network create, ls, rm, prune, update, connect, disconnect and reload.</summary>
internal static class NetworkCommands
{
    private const string NetworkTable = "table {{.ID}}\t{{.Name}}\t{{.Driver}}";

    internal static async Task<int> CreateAsync(CommandContext context)
    {
        var line = context.Line;
        var network = await context.Engine.CreateNetworkAsync(new()
        {
            Name = line.Arguments.Count > 0 ? line.Arguments[0] : "",
            Driver = line.Text("driver") ?? "bridge",
            Subnets = line.List("subnet"),
            Gateways = line.List("gateway"),
            IpRanges = line.List("ip-range"),
            IPv6 = line.Flag("ipv6"),
            Internal = line.Flag("internal"),
            DisableDns = line.Flag("disable-dns"),
            DnsServers = line.List("dns"),
            IpamDriver = line.Text("ipam-driver") ?? "",
            Interface = line.Text("interface-name") ?? "",
            Routes = [.. line.List("route").Select(NetworkRouteParser.Parse)],
            Labels = KeyValueParser.Parse(line.List("label"), "label"),
            Options = KeyValueParser.Parse(line.List("opt"), "option", valueNeeded: true),
            Ignore = line.Flag("ignore"),
        }, context.Cancelled);
        context.Out.WriteLine(network.Name);
        return 0;
    }

    internal static async Task<int> ListAsync(CommandContext context)
    {
        var line = context.Line;
        var format = line.Text("format");
        if (line.Flag("quiet") && format is not null)
            throw EngineErrors.InvalidArgument("quiet and format are mutually exclusive");
        var networks = new List<ContainerNetwork>();
        await foreach (var network in context.Engine.ListNetworksAsync(new() { Filters = context.Filters() }, context.Cancelled))
            networks.Add(network);
        if (line.Flag("quiet"))
            networks.ForEach(network => context.Out.WriteLine(network.Name));
        else if (Listing.IsJson(format))
            context.Out.WriteLine(WireJson.ToText(WireList.From(networks.Select(network => NetworkShape.Listed(network))), 2));
        else
            context.Out.Write(new Listing("network", NetworkShape.Headings).Render(format is null or "table" ? NetworkTable : format,
                networks.Select(network => NetworkShape.Listed(network, line.Flag("no-trunc"))), !line.Flag("noheading")));
        return 0;
    }

    internal static Task<int> RemoveAsync(CommandContext context)
    {
        var line = context.Line;
        if (line.Given("time") && !line.Flag("force"))
            throw EngineErrors.InvalidArgument("--force option must be specified to use the --time option", "time", "add --force");
        var options = new NetworkRemoveOptions { Force = line.Flag("force"), Timeout = (int?)line.Number("time") };
        return Targets.EachAsync(context, line.Arguments, async name =>
        {
            if (await context.Engine.RemoveNetworkAsync(name, options, context.Cancelled) is { } removed)
                context.Out.WriteLine(removed);
        }, ExitCodes.OfRemoval);
    }

    internal static async Task<int> PruneAsync(CommandContext context)
    {
        var line = context.Line;
        var dryRun = line.Flag("dry-run");
        if (!line.Flag("force") && !dryRun && !Confirmation.Asked(context, "WARNING! This will remove all networks not used by at least one container."))
            return 0;
        var options = new PruneOptions { Kinds = [StorageKind.Network], Filters = context.Filters(), DryRun = dryRun };
        await foreach (var report in context.Engine.PruneStorageAsync(options, context.Cancelled))
            context.Out.WriteLine(report.Name);
        return 0;
    }

    internal static async Task<int> ConnectAsync(CommandContext context)
    {
        var line = context.Line;
        var attachment = NetworkParser.Apply(NamespaceMode.Default, [new NetworkAttachment { Network = line.Arguments[0] }],
            line.Text("ip"), line.Text("ip6"), line.Text("mac-address"), line.List("alias"))[0];
        await context.Engine.ConnectNetworkAsync(line.Arguments[1], attachment, context.Cancelled);
        return 0;
    }

    internal static async Task<int> DisconnectAsync(CommandContext context)
    {
        await context.Engine.DisconnectNetworkAsync(context.Line.Arguments[1], context.Line.Arguments[0], context.Cancelled);
        return 0;
    }

    internal static async Task<int> ReloadAsync(CommandContext context) => await Targets.EachAsync(context, await Targets.NamesAsync(context),
        async name => context.Out.WriteLine(await context.Engine.ReloadNetworkAsync(name, context.Cancelled)));

    internal static async Task<int> UpdateAsync(CommandContext context)
    {
        var line = context.Line;
        var network = await context.Engine.UpdateNetworkAsync(context.Argument, new() { AddDnsServers = line.List("dns-add"), RemoveDnsServers = line.List("dns-drop") }, context.Cancelled);
        context.Out.WriteLine(network.Name);
        return 0;
    }
}
