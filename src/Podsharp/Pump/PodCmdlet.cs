using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The base of cmdlets that work on pods named by name, wildcard, id or object.</summary>
public abstract class PodCmdlet : ThrottledCmdlet
{
    private protected const string NameSet = "Name";
    private protected const string IdSet = "Id";
    private protected const string ObjectSet = "InputObject";

    /// <summary>Names, wildcards, ids or the beginning of ids.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [PodNameTransformation]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PodId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PodIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Pods.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [Alias("Pod")]
    [ValidateNotNull]
    public Pod[]? InputObject { get; set; }

    /// <summary>Called for each pod on the pipeline thread: ask ShouldProcess, then hand the work to Run.</summary>
    private protected abstract void Accept(PodTarget target);

    /// <inheritdoc/>
    private protected override void AcceptRecord()
    {
        foreach (var pod in InputObject ?? [])
            Accept(PodTarget.Of(pod));
        foreach (var id in Id ?? [])
            Accept(PodTarget.Of(id));
        var patterns = new List<WildcardPattern>();
        foreach (var name in Name ?? [])
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
                patterns.Add(WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant));
            else
                Accept(PodTarget.Of(name));
        }
        if (patterns.Count > 0)
            Run(target: null, () => ExpandAsync(patterns));
    }

    /// <summary>Does something to all containers of a pod: emits the pod, and an error for each container that it couldn't be done to.</summary>
    private protected void RunOnContainers(PodTarget target, Func<Task<PodReport>> action) => Run(target.ErrorTarget, async () =>
    {
        var report = await action();
        await FailuresAsync(report);
        await EmitAsync(report.Pod);
    });

    /// <summary>Raises an error for each container that something couldn't be done to.</summary>
    private protected async Task FailuresAsync(PodReport report)
    {
        foreach (var error in report.Errors)
            await ErrorAsync(new ContainerEngineException(ErrorKind.InvalidState, "PodContainerFailed", error.Message, error.ContainerId), report.Pod);
    }

    // What a wildcard finds comes back to the pipeline thread, for ShouldProcess is to be asked there.
    private async Task ExpandAsync(List<WildcardPattern> patterns)
    {
        await foreach (var pod in Engine.ListPodsAsync(new PodQuery(), Cancellation))
            if (patterns.Exists(pattern => pattern.IsMatch(pod.Name)))
                await OnPipelineAsync(() => Accept(PodTarget.Of(pod)));
    }
}
