using System.Management.Automation;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets on things that have a name and no more: secrets and volumes.</summary>
public abstract class NamedCmdlet : ThrottledCmdlet
{
    /// <summary>Called for each name on the pipeline thread: ask ShouldProcess, then hand the work to Run.</summary>
    private protected abstract void Accept(string name, object target);

    /// <summary>The names of all there are.</summary>
    private protected abstract IAsyncEnumerable<string> AllAsync();

    /// <summary>Calls <see cref="Accept"/> for each: those with wildcards for all that fit.</summary>
    private protected void AcceptNames(IEnumerable<string> names)
    {
        var patterns = new List<WildcardPattern>();
        foreach (var name in names)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
            else
                Accept(name, name);
        }
        if (patterns.Count > 0)
            Run(target: null, () => ExpandAsync(patterns));
    }

    private async Task ExpandAsync(List<WildcardPattern> patterns)
    {
        await foreach (var name in AllAsync())
            if (patterns.Any(pattern => pattern.IsMatch(name)))
                await OnPipelineAsync(() => Accept(name, name));
    }
}
