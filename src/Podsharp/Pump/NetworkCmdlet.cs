using System.Management.Automation;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on networks named by name, wildcard, id or object.</summary>
public abstract class NetworkCmdlet : ThrottledCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Networks.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public ContainerNetwork[]? InputObject { get; set; }

    /// <summary>Called for each network on the pipeline thread: ask ShouldProcess, then hand the work to Run.</summary>
    /// <param name="name">Its name or id.</param>
    /// <param name="target">The target object of an error.</param>
    private protected abstract void Accept(string name, object target);

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        foreach (var network in InputObject ?? [])
            Accept(network.Name, network);
        var patterns = new List<WildcardPattern>();
        foreach (var name in Name ?? [])
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
            else
                Accept(name, name);
        }
        if (patterns.Count > 0)
            Run(target: null, () => ExpandAsync(patterns));
    }

    private async Task ExpandAsync(List<WildcardPattern> patterns)
    {
        await foreach (var network in Engine.ListNetworksAsync(new NetworkQuery(), Cancellation))
            if (patterns.Exists(pattern => pattern.IsMatch(network.Name)))
                await OnPipelineAsync(() => Accept(network.Name, network));
    }
}
