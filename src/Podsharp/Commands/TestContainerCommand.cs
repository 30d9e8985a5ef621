using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-Container: whether there is such a container.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Container")]
[OutputType(typeof(bool))]
public sealed class TestContainerCommand : EngineCmdlet
{
    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only if it is in one of these states.</summary>
    [Parameter]
    public ContainerState[]? State { get; set; }

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        var wildcard = WildcardPattern.ContainsWildcardCharacters(name) ? WildcardPattern.Get(name, WildcardOptions.IgnoreCase) : null;
        if (wildcard is null && State is null)
            return await Engine.ContainerExistsAsync(name, Cancellation);
        if (wildcard is null && !await Engine.ContainerExistsAsync(name, Cancellation))
            return false;
        var query = new ContainerQuery { All = true, NamesOrIds = wildcard is null ? [name] : [] };
        await foreach (var container in Engine.ListContainersAsync(query, Cancellation))
            if (wildcard?.IsMatch(container.Name) != false && (State is null || State.Contains(container.State)))
                return true;
        return false;
    }
}
