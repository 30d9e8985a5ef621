using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Copy-Pod: makes pods like others, with copies of their containers, and emits them.</summary>
[Cmdlet(VerbsCommon.Copy, "Pod", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(Pod))]
[Alias("Clone-Pod")]
public sealed class CopyPodCommand : PodCmdlet
{
    /// <summary>The new pod's name; the other's with -clone, and a number if need be, when not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>Labels in place of the other's: a hashtable, or NAME=value.</summary>
    [Parameter]
    [DictionaryTransformation]
    public Hashtable? Label { get; set; }

    /// <summary>The host name; the new pod's name when not given.</summary>
    [Parameter]
    public string? HostName { get; set; }

    /// <summary>The infra container's name.</summary>
    [Parameter]
    public string? InfraName { get; set; }

    /// <summary>Memory of all its containers together in bytes: 512mb, or "512m"; 0 for no limit.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public long? Memory { get; set; }

    /// <summary>CPUs of all its containers together: 1.5; 0 for no limit.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double? Cpu { get; set; }

    /// <summary>Removes the other pod, even if it runs, once the new one is made. Volumes that both have stay.</summary>
    [Parameter]
    public SwitchParameter Destroy { get; set; }

    /// <summary>Starts the new pod.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    private protected override void Accept(PodTarget target)
    {
        if (!ShouldProcess(target.Display, Destroy ? "Copy and remove pod" : "Copy pod"))
            return;
        var request = new PodCloneRequest
        {
            Name = NewName,
            Destroy = Destroy,
            Labels = DictionaryTransformationAttribute.ToStrings(Label),
            InfraName = InfraName,
            Container = new() { HostName = HostName, Resources = new() { Memory = Memory, Cpus = Cpu } },
        };
        Run(target.ErrorTarget, async () =>
        {
            var result = await Engine.ClonePodAsync(target.Key, request, Cancellation);
            await WarnAsync(result.Warnings);
            if (!Start)
            {
                await EmitAsync(result.Pod);
                return;
            }
            var report = await Engine.StartPodAsync(result.Pod.Id, Cancellation);
            await FailuresAsync(report);
            await EmitAsync(report.Pod);
        });
    }
}
