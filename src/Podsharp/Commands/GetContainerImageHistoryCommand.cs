using System.Management.Automation;
using Podsharp.Model;
using Podsharp.Pump;

namespace Podsharp.Commands;

/// <summary>Get-ContainerImageHistory: the steps in which images were made, the last one first.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerImageHistory", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ImageHistoryEntry))]
public sealed class GetContainerImageHistoryCommand : ImageCmdlet
{
    // One after the other, so that the steps of one stay together.
    private protected override int Parallelism => 1;

    private protected override void Accept(ImageTarget target) => Run(target.ErrorTarget, async () =>
    {
        await foreach (var entry in Engine.GetImageHistoryAsync(target.Key, Cancellation))
            await EmitAsync(entry);
    });
}
