using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Orchestration.Pods;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>New-Pod: defines a pod and emits it; Start-Pod starts it.</summary>
[Cmdlet(VerbsCommon.New, "Pod", SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
public sealed partial class NewPodCommand : ThrottledCmdlet
{
    /// <summary>The pod's name; an invented one when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>Removes another pod of that name first, even if it runs.</summary>
    [Parameter]
    [Alias("Force")]
    public SwitchParameter Replace { get; set; }

    /// <summary>Labels: a hashtable, or NAME=value.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>Files with labels, one a line; what -Label says of a name counts.</summary>
    [Parameter]
    public string[] LabelFile { get; set; } = [];

    /// <summary>The namespaces that its containers share: cgroup, ipc, net, pid, uts; none for none. Those with + before the first are beside ipc, net and uts.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Share { get; set; } = [.. PodSpec.DefaultShare];

    /// <summary>Makes the control groups of its containers where any container's is, not in the pod's.</summary>
    [Parameter]
    public SwitchParameter NoShareParent { get; set; }

    /// <summary>What becomes of it when the last of its containers has ended: its infra container runs on, or the pod is stopped.</summary>
    [Parameter]
    public PodExitPolicy ExitPolicy { get; set; }

    /// <summary>When its containers are started again after their end, unless they have a policy of their own: No, OnFailure, OnFailure:3, Always, UnlessStopped.</summary>
    [Parameter]
    [RestartPolicyTransformation]
    [ArgumentCompleter(typeof(RestartPolicyCompleter))]
    public Model.RestartPolicy? RestartPolicy { get; set; }

    /// <summary>Makes no container that holds shared namespaces: nothing is shared then but the control group.</summary>
    [Parameter]
    public SwitchParameter NoInfra { get; set; }

    /// <summary>An image for the infra container, which has none otherwise.</summary>
    [Parameter]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? InfraImage { get; set; }

    /// <summary>The infra container's name.</summary>
    [Parameter]
    public string? InfraName { get; set; }

    /// <summary>What the infra container runs, rather than catatonit.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? InfraCommand { get; set; }

    /// <summary>A file to write the process id of the infra container's conmon to.</summary>
    [Parameter]
    public string? InfraConmonPidFile { get; set; }

    /// <summary>A file to write the pod's id to.</summary>
    [Parameter]
    public string? PodIdFile { get; set; }

    private protected override void AcceptRecord()
    {
        PodSpec spec;
        try
        {
            spec = BuildSpec();
        }
        catch (ContainerEngineException error)
        {
            WriteError(ErrorRecords.Create(error, Name));
            return;
        }
        if (ShouldProcess(Name ?? "a new pod", "Create pod"))
            Run(Name, () => CreateAsync(spec));
    }

    private PodSpec BuildSpec()
    {
        var share = PodSpecBuilder.Share(string.Join(',', Share));
        var infra = !NoInfra && share.Count > 0;
        return new()
        {
            Name = string.IsNullOrEmpty(Name) ? null : Name,
            Replace = Replace,
            Labels = TextFile.Labels(LabelFile.Select(file => FullPath(file)!), Label),
            Infra = infra,
            InfraImage = InfraImage,
            InfraName = InfraName,
            InfraCommand = InfraCommand,
            // Without an infra container the usual ones can't be shared; asking for some is refused.
            Share = infra || MyInvocation.BoundParameters.ContainsKey(nameof(Share)) ? share : [],
            ShareParent = !NoShareParent,
            ExitPolicy = ExitPolicy,
            Container = BuildContainer(),
        };
    }

    private async Task CreateAsync(PodSpec spec)
    {
        if (spec.InfraImage is { } image && !await Engine.ImageExistsAsync(image, Cancellation))
            await PullAsync(new ImagePullRequest { Reference = image });
        var created = await Engine.CreatePodAsync(spec, Cancellation);
        await WarnAsync(created.Warnings);
        if (FullPath(PodIdFile) is { } file)
            await File.WriteAllTextAsync(file, created.Pod.Id, Cancellation);
        await EmitAsync(created.Pod);
    }
}
