using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-ContainerNetwork: whether a network exists.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ContainerNetwork")]
[OutputType(typeof(bool))]
public sealed class TestContainerNetworkCommand : EngineCmdlet
{
    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Network")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[] Name { get; set; } = [];

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return await Engine.NetworkExistsAsync(name, Cancellation);
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        await foreach (var network in Engine.ListNetworksAsync(new NetworkQuery(), Cancellation))
            if (pattern.IsMatch(network.Name))
                return true;
        return false;
    }
}
