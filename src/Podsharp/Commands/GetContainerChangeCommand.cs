using System.Management.Automation;
using Podsharp.Binding;
using Podsharp.Completion;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerChange: the files in which containers differ from their images, or images' top layers from those below.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerChange", DefaultParameterSetName = NameSet)]
[OutputType(typeof(FileSystemChange))]
public sealed class GetContainerChangeCommand : ContainerCmdlet
{
    /// <summary>Images instead of containers: what their top layers change in those below.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Image")]
    [ValidateNotNullOrEmpty]
    [ImageNameTransformation]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[]? Image { get; set; }

    /// <summary>Only these kinds of changes.</summary>
    [Parameter]
    public FileSystemChangeKind[]? Kind { get; set; }

    // One after the other, so that the changes of one stay together.
    private protected override int Parallelism => 1;

    private protected override void AcceptRecord()
    {
        foreach (var image in Image ?? [])
            Run(image, () => EmitAsync(Engine.GetImageChangesAsync(image, Cancellation)));
        base.AcceptRecord();
    }

    private protected override void Accept(ContainerTarget target) =>
        Run(target.ErrorTarget, () => EmitAsync(Engine.GetContainerChangesAsync(target.Key, Cancellation)));

    private async Task EmitAsync(IAsyncEnumerable<FileSystemChange> changes)
    {
        await foreach (var change in changes)
            if (Kind is null || Kind.Contains(change.Kind))
                await EmitAsync((object)change);
    }
}
