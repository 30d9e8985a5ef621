using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Test-Pod: whether there is such a pod.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Pod")]
[OutputType(typeof(bool))]
public sealed class TestPodCommand : EngineCmdlet
{
    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Only if it is in one of these states.</summary>
    [Parameter]
    public PodState[]? State { get; set; }

    // One after the other: the answers come in the order of the questions.
    private protected override void AcceptRecord()
    {
        foreach (var name in Name)
            Run(name, async () => await EmitAsync(await ExistsAsync(name)));
    }

    private async Task<bool> ExistsAsync(string name)
    {
        var wildcard = WildcardPattern.ContainsWildcardCharacters(name) ? WildcardPattern.Get(name, WildcardOptions.IgnoreCase) : null;
        if (wildcard is null && (State is null || !await Engine.PodExistsAsync(name, Cancellation)))
            return await Engine.PodExistsAsync(name, Cancellation);
        await foreach (var pod in Engine.ListPodsAsync(new PodQuery { NamesOrIds = wildcard is null ? [name] : [] }, Cancellation))
            if (wildcard?.IsMatch(pod.Name) != false && (State is null || State.Contains(pod.State)))
                return true;
        return false;
    }
}
