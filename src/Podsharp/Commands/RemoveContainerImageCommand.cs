using System.Collections;
using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Model;
using Podsharp.Pump;
using Podsharp.Views;

namespace Podsharp.Commands;

/// <summary>Remove-ContainerImage: takes names from images, and removes those that have no other; or removes those that nothing uses.</summary>
[Cmdlet(VerbsCommon.Remove, "ContainerImage", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ImageRemoveResult), typeof(PruneReport), typeof(RemoteImageRemoveResult))]
public sealed partial class RemoveContainerImageCommand : ImageCmdlet
{
    private const string UnusedSet = "Unused";

    /// <summary>Also removes an image with several names, and the containers that use it.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = IdSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves the unnamed images that a removed one was made from.</summary>
    [Parameter(ParameterSetName = NameSet)]
    [Parameter(ParameterSetName = IdSet)]
    [Parameter(ParameterSetName = ObjectSet)]
    [Alias("NoPrune")]
    public SwitchParameter KeepParent { get; set; }

    /// <summary>Removes all that have no name and that nothing uses; -WhatIf shows which, and what that would free.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UnusedSet)]
    public SwitchParameter Unused { get; set; }

    /// <summary>Those with a name, too, if no container uses them.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public SwitchParameter All { get; set; }

    /// <summary>Only those with all of these labels: NAME, or NAME=value, or a hashtable.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public object[]? Label { get; set; }

    /// <summary>podman's filters for unused images: a hashtable of label, label! and until.</summary>
    [Parameter(ParameterSetName = UnusedSet)]
    public Hashtable? Filter { get; set; }

    private protected override void AcceptRecord()
    {
        if (Unused)
            Run(target: null, RemoveUnusedAsync);
        else if (ParameterSetName == RemoteSet)
            RemoveRemote();
        else
            base.AcceptRecord();
    }

    private protected override void Accept(ImageTarget target)
    {
        if (ShouldProcess(target.Display, "Remove image"))
            Run(target.ErrorTarget, async () => await EmitAsync(await Engine.RemoveImageAsync(Key(target), Force, KeepParent, Cancellation)));
    }

    // An image object stands for the whole image; with a single name that name is what is taken away.
    private static string Key(ImageTarget target) => target.Image is { Names: [var only] } ? only : target.Key;

    private async Task RemoveUnusedAsync()
    {
        var options = new PruneOptions { Kinds = [StorageKind.Image], AllImages = All, Filters = Filters.Read(Filter, Label) };
        var agreed = new List<string>();
        await foreach (var plan in Engine.PruneStorageAsync(options with { DryRun = true }, Cancellation))
            await AskAsync(plan, agreed);
        if (agreed.Count == 0)
            return;
        await foreach (var report in Engine.PruneStorageAsync(options with { Only = agreed }, Cancellation))
            await EmitAsync(report);
    }

    private async Task AskAsync(PruneReport plan, List<string> agreed)
    {
        var answered = new TaskCompletionSource();
        using var ended = Cancellation.Register(() => answered.TrySetCanceled());
        await OnPipelineAsync(() =>
        {
            try
            {
                var target = $"{plan} ({Display.Size(plan.Size)})";
                if (ShouldProcess($"Remove image {target}", $"Remove image {target}?", "Remove-ContainerImage", out var reason))
                    agreed.Add(plan.Id);
                else if (reason == ShouldProcessReason.WhatIf)
                    WriteObject(plan);
            }
            finally
            {
                answered.TrySetResult();
            }
        });
        await answered.Task;
    }
}
