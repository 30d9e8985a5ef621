using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Get-Container: the containers of this host, in every state.</summary>
[Cmdlet(VerbsCommon.Get, "Container", DefaultParameterSetName = NameSet)]
[OutputType(typeof(Container))]
[OutputType(typeof(ContainerDetail))]
[Alias("Get-ContainerDetail")]
public sealed class GetContainerCommand : LookupCmdlet
{
    private const string NameSet = "Name";
    private const string IdSet = "Id";
    private const string ObjectSet = "InputObject";

    private WildcardPattern[] imagePatterns = [];
    private HashSet<ContainerState>? states;

    /// <summary>Names, wildcards, ids or the beginning of ids; all when not given.</summary>
    [Parameter(Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ContainerNameTransformation]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Ids or the beginning of ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ContainerId")]
    [ArgumentCompleter(typeof(ContainerIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Containers to read again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ObjectSet, ValueFromPipeline = true)]
    [Alias("Container")]
    public Container[]? InputObject { get; set; }

    /// <summary>Only those in one of these states.</summary>
    [Parameter]
    public ContainerState[]? State { get; set; }

    /// <summary>Only those made from one of these images; wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Image { get; set; }

    /// <summary>Only those of these pods: names, ids or pods.</summary>
    [Parameter]
    [PodNameTransformation(Pods = true)]
    [ArgumentCompleter(typeof(PodNameCompleter))]
    public string[]? Pod { get; set; }

    /// <summary>Only the newest n.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; }

    /// <summary>Everything about each, as ContainerDetail objects.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>Also the sizes, which takes a walk over the containers' layers.</summary>
    [Parameter]
    public SwitchParameter Size { get; set; }

    /// <summary>Also the kernel's numbers of the namespaces of those that run.</summary>
    [Parameter]
    public SwitchParameter Namespace { get; set; }

    /// <summary>Also the containers of other engines that share the image store.</summary>
    [Parameter]
    public SwitchParameter External { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        imagePatterns = [.. (Image ?? []).Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase))];
        states = State is { Length: > 0 } ? [.. State] : null;
        Detailed = Detailed || MyInvocation.InvocationName == "Get-ContainerDetail";
    }

    private protected override void AcceptRecord()
    {
        string[] wanted = InputObject is not null ? [.. InputObject.Select(container => container.Id)] : Id ?? Name ?? [];
        Run(target: null, () => LookUpAsync(wanted));
    }

    private protected override Task FindAsync(string nameOrId) => ListAsync(Query() with { NamesOrIds = [nameOrId] }, _ => true);

    private protected override Task FindAsync(IReadOnlyCollection<WildcardPattern> patterns) =>
        ListAsync(Query(), container => patterns.Count == 0 || patterns.Any(pattern => pattern.IsMatch(container.Name)));

    private async Task ListAsync(ContainerQuery query, Func<Container, bool> matches)
    {
        await foreach (var container in Engine.ListContainersAsync(query, Cancellation))
            if (matches(container) && (Pod is null || Array.Exists(Pod, pod => IsOf(container, pod))) && (states is null || states.Contains(container.State)) && MatchesImage(container))
                await EmitAsync(Detailed ? await Engine.InspectContainerAsync(container.Id, Size, Cancellation) : container);
    }

    private static bool IsOf(Container container, string pod) =>
        container.Pod.Length > 0 && (container.PodName == pod || (pod.Length > 0 && container.Pod.StartsWith(pod, StringComparison.Ordinal)));

    private bool MatchesImage(Container container) => imagePatterns.Length == 0
        || Array.Exists(imagePatterns, pattern => pattern.IsMatch(container.ImageId) || pattern.IsMatch(container.ImageId[..Math.Min(12, container.ImageId.Length)])
            || ImageNames.Forms(container.Image).Any(pattern.IsMatch));

    private ContainerQuery Query() => new()
    {
        All = true,
        External = External,
        Size = Size,
        Namespaces = Namespace,
        Last = Newest,
        Filters = Filters.Read(Filter, Label),
    };
}
