using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-Pod: the pods of this host, with their containers.</summary>
[Cmdlet(VerbsCommon.Get, "Pod", DefaultParameterSetName = NameSet)]
[OutputType(typeof(Pod))]
[OutputType(typeof(PodDetail))]
public sealed class GetPodCommand : LookupCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [PodNameTransformation]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PodId")]
    [ArgumentCompleter(typeof(PodIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Pods to read again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [Alias("Pod")]
    public Pod[]? InputObject { get; set; }

    /// <summary>Only those in one of these states.</summary>
    [Parameter]
    public PodState[]? State { get; set; }

    /// <summary>Only the newest.</summary>
    [Parameter]
    public SwitchParameter Newest { get; set; }

    /// <summary>Everything about each, as PodDetail objects.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override void AcceptRecord()
    {
        string[] wanted = InputObject is not null ? [.. InputObject.Select(pod => pod.Id)] : Id ?? Name ?? [];
        Run(target: null, () => LookUpAsync(wanted));
    }

    private protected override Task FindAsync(string nameOrId) => ListAsync(Query() with { NamesOrIds = [nameOrId] }, _ => true);

    private protected override Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns) =>
        ListAsync(Query(), pod => patterns.Count == 0 || patterns.Any(pattern => pattern.IsMatch(pod.Name)));

    private async Task ListAsync(PodQuery query, Func<Pod, bool> matches)
    {
        await foreach (var pod in Engine.ListPodsAsync(query, Cancellation))
            if (matches(pod) && (State is null || State.Contains(pod.State)))
                await EmitAsync(Detailed ? await Engine.InspectPodAsync(pod.Id, Cancellation) : pod);
    }

    private PodQuery Query() => new() { Filters = Filters.Read(Filter, Label), Latest = Newest };
}
