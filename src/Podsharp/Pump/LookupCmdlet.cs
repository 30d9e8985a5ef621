using System.Collections;
using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that list things by names, wildcards and filters.</summary>
public abstract class LookupCmdlet : EngineCmdlet
{
    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter]
    public object[]? Label { get; set; }

    /// <summary>podman's filters: a hashtable of names and values.</summary>
    [Parameter]
    public Hashtable? Filter { get; set; }

    /// <summary>Emits what this name or id names.</summary>
    /// <exception cref="ContainerEngineException">There is no such thing.</exception>
    private protected abstract Task FindAsync(string nameOrId);

    /// <summary>Emits what fits one of the patterns; everything where there are none.</summary>
    private protected abstract Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns);

    /// <summary>Emits what is wanted; everything where nothing is named.</summary>
    private protected async Task LookUpAsync(string[] wanted)
    {
        var literals = wanted.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)).ToList();
        var patterns = wanted.Except(literals).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToList();
        // Each of its own, so that one that doesn't exist is an error of its own.
        foreach (var literal in literals)
            try
            {
                await FindAsync(literal);
            }
            catch (ContainerEngineException error)
            {
                await ErrorAsync(error, literal);
            }
        if (patterns.Count > 0 || wanted.Length == 0)
            await FindAsync(patterns);
    }
}
