using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of podman's containers and volumes.</summary>
public sealed class PodmanNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = new PodmanImportRequest { DryRun = true };
        await foreach (var found in commandName == "Import-PodmanVolume"
            ? engine.ImportPodmanVolumesAsync(plan, cancellationToken) : engine.ImportPodmanContainersAsync(plan, cancellationToken))
        {
            if (Fits(found.Source, word))
                yield return Result(found.Source, found.Failure.Length > 0 ? found.Failure : $"becomes {found.Name}");
        }
    }
}
