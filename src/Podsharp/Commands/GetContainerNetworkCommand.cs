using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerNetwork: the networks that containers can join.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerNetwork", DefaultParameterSetName = NameSet)]
[Alias("Get-ContainerNet", "Get-ContainerNetDetail")]
[OutputType(typeof(ContainerNetwork))]
[OutputType(typeof(ContainerNetworkDetail))]
public sealed class GetContainerNetworkCommand : LookupCmdlet
{
    private const string NameSet = "Name";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Network")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Networks to read again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    public ContainerNetwork[]? InputObject { get; set; }

    /// <summary>Only those of these drivers: bridge, macvlan, ipvlan.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkDriverCompleter))]
    public string[]? Driver { get; set; }

    /// <summary>With the containers that are set up on each, as ContainerNetworkDetail objects.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        Detailed = Detailed || MyInvocation.InvocationName == "Get-ContainerNetDetail";
    }

    private protected override void AcceptRecord()
    {
        string[] wanted = InputObject is not null ? [.. InputObject.Select(network => network.Id)] : Name ?? [];
        Run(target: null, () => LookUpAsync(wanted));
    }

    private protected override Task FindAsync(string nameOrId) => ListAsync(Query() with { NamesOrIds = [nameOrId] }, _ => true);

    private protected override Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns) =>
        ListAsync(Query(), network => patterns.Count == 0 || patterns.Any(pattern => pattern.IsMatch(network.Name)));

    private async Task ListAsync(NetworkQuery query, Func<ContainerNetwork, bool> matches)
    {
        await foreach (var network in Engine.ListNetworksAsync(query, Cancellation))
            if (matches(network))
                await EmitAsync(Detailed ? await Engine.InspectNetworkAsync(network.Name, Cancellation) : network);
    }

    private NetworkQuery Query()
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(Filters.Read(Filter, Label));
        if (Driver is not null)
            filters["driver"] = Driver;
        return new NetworkQuery { Filters = filters };
    }
}
