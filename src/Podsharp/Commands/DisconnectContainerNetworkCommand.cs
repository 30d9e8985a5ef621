using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Disconnect-ContainerNetwork: disconnects containers from a network, at once where they run.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ContainerNetwork", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectContainerNetworkCommand : ContainerCmdlet
{
    /// <summary>The network: its name, its id or the beginning of its id.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string Network { get; set; } = "";

    private protected override void Accept(ContainerTarget target)
    {
        if (ShouldProcess(target.Display, $"Disconnect from network {Network}"))
            Run(target.ErrorTarget, () => Engine.DisconnectNetworkAsync(target.Key, Network, Cancellation));
    }
}
