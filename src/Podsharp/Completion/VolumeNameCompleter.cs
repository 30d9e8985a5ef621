using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of volumes; those of anonymous ones once somebody has begun to type one.</summary>
public sealed class VolumeNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var volume in engine.ListVolumesAsync(new(), cancellationToken))
            if ((!volume.Anonymous || word.Length > 0) && Fits(volume.Name, word))
                yield return Result(volume.Name, volume.MountPoint);
    }
}
