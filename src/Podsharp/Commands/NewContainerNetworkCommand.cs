using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-ContainerNetwork: makes networks and emits them.</summary>
[Cmdlet(VerbsCommon.New, "ContainerNetwork", SupportsShouldProcess = true)]
[Alias("New-ContainerNet")]
[OutputType(typeof(ContainerNetwork))]
public sealed class NewContainerNetworkCommand : EngineCmdlet
{
    /// <summary>Names; without one the engine chooses a name.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [""];

    /// <summary>bridge; or macvlan or ipvlan, which put containers on an interface of the host.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkDriverCompleter))]
    public string Driver { get; set; } = "bridge";

    /// <summary>Subnets (10.89.0.0/24); without one a free one is chosen.</summary>
    [Parameter]
    public string[] Subnet { get; set; } = [];

    /// <summary>Gateways; each belongs to the subnet that it is in. Subnets without one get their first address.</summary>
    [Parameter]
    public string[] Gateway { get; set; } = [];

    /// <summary>Addresses to give out: 10.89.0.0/26, or 10.89.0.10-10.89.0.20.</summary>
    [Parameter]
    public string[] IpRange { get; set; } = [];

    /// <summary>Subnets of both families.</summary>
    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    /// <summary>No way to the outside.</summary>
    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>No name server: containers don't find each other by name.</summary>
    [Parameter]
    [Alias("DisableDns")]
    public SwitchParameter NoDns { get; set; }

    /// <summary>Where the network's name server forwards to.</summary>
    [Parameter]
    [Alias("Dns")]
    public string[] DnsServer { get; set; } = [];

    /// <summary>Who gives addresses out: host-local, dhcp or none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(IpamDriverCompleter))]
    public string IpamDriver { get; set; } = "";

    /// <summary>The bridge's name, or the parent interface.</summary>
    [Parameter]
    [Alias("Interface")]
    public string InterfaceName { get; set; } = "";

    /// <summary>Routes for its containers: "10.9.0.0/16,10.89.0.5", or hashtables with Destination, Gateway and Metric.</summary>
    [Parameter]
    [NetworkRouteTransformation]
    public NetworkRoute[] Route { get; set; } = [];

    /// <summary>Labels: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>The driver's options: a hashtable, or NAME=value: mtu, metric, vlan, isolate, vrf, mode, parent, bclim, no_default_route.</summary>
    [Parameter]
    [Alias("Opt")]
    [DictionaryTransformation]
    public Hashtable? Option { get; set; }

    /// <summary>A network that exists is emitted as it is.</summary>
    [Parameter]
    public SwitchParameter Ignore { get; set; }

    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
        {
            if (!ShouldProcess(name.Length > 0 ? name : "a name of the engine's choice", "Make network"))
                continue;
            Run(name, async () => await EmitAsync(await Engine.CreateNetworkAsync(Spec(name), Cancellation)));
        }
    }

    private NetworkSpec Spec(string name) => new()
    {
        Name = name,
        Driver = Driver,
        Subnets = Subnet,
        Gateways = Gateway,
        IpRanges = IpRange,
        IPv6 = IPv6,
        Internal = Internal,
        DisableDns = NoDns,
        DnsServers = DnsServer,
        IpamDriver = IpamDriver,
        Interface = InterfaceName,
        Routes = Route,
        Labels = DictionaryTransformationAttribute.ToStrings(Label),
        Options = DictionaryTransformationAttribute.ToStrings(Option),
        Ignore = Ignore,
    };
}
