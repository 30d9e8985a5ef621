using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on containers named by name, wildcard, id or object.</summary>
public abstract class ContainerCmdlet : ThrottledCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Containers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [Alias("Container")]
    [ValidateNotNull]
    public Container[]? InputObject { get; set; }

    /// <summary>Called for each container on the pipeline thread: ask ShouldProcess, then hand the work to Run.</summary>
    private protected abstract void Accept(ContainerTarget target);

    /// <summary>For a subclass that handles some of the input itself: the containers wildcards may find.</summary>
    private protected virtual bool Matches(Container container) => true;

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        foreach (var container in InputObject ?? [])
            Accept(ContainerTarget.Of(container));
        foreach (var id in Id ?? [])
            Accept(ContainerTarget.Of(id));
        var patterns = new List<WildcardPattern>();
        foreach (var name in Name ?? [])
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
            else
                Accept(ContainerTarget.Of(name));
        }
        if (patterns.Count > 0)
            Run(target: null, () => ExpandAsync(patterns));
    }

    /// <summary>Accepts all containers that wildcards may find.</summary>
    private protected void AcceptAll() => Run(target: null, () => ExpandAsync([WildcardPattern.Get("*", WildcardOptions.None)]));

    // What a wildcard finds comes back to the pipeline thread, for ShouldProcess is to be asked there.
    private async Task ExpandAsync(List<WildcardPattern> patterns)
    {
        await foreach (var container in Engine.ListContainersAsync(new ContainerQuery { All = true }, Cancellation))
            if (patterns.Exists(pattern => pattern.IsMatch(container.Name)) && Matches(container))
                await OnPipelineAsync(() => Accept(ContainerTarget.Of(container)));
    }
}
