using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Set-ContainerNetwork: changes the name servers that networks' name servers forward to, and emits the networks.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class SetContainerNetworkCommand : NetworkCmdlet
{
    /// <summary>Forward to these servers, too.</summary>
    [Parameter]
    [Alias("DnsAdd")]
    public string[] AddDnsServer { get; set; } = [];

    /// <summary>Don't forward to these servers any more.</summary>
    [Parameter]
    [Alias("DnsDrop")]
    public string[] RemoveDnsServer { get; set; } = [];

    /// <summary>Taken for scripts that follow PowerShell's habit; the networks are emitted in any case.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (AddDnsServer.Length == 0 && RemoveDnsServer.Length == 0)
            ThrowTerminatingError(ErrorRecords.Create(EngineErrors.InvalidArgument("nothing is given to change", null, "give -AddDnsServer or -RemoveDnsServer"), null));
    }

    private protected override void Accept(string name, object target)
    {
        var update = new NetworkUpdate { AddDnsServers = AddDnsServer, RemoveDnsServers = RemoveDnsServer };
        if (ShouldProcess(name, "Change network"))
            Run(target, async () => await EmitAsync(await Engine.UpdateNetworkAsync(name, update, Cancellation)));
    }
}
