using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of volumes.</summary>
public sealed class VolumeCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var volume in engine.ListVolumesAsync(new(), cancellationToken))
            if (!volume.Anonymous && Fits(volume.Name + ":", word))
                yield return Result(volume.Name + ":", volume.MountPoint);
    }
}
