using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes names of pods.</summary>
public sealed class PodNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pod in engine.ListPodsAsync(new PodQuery(), cancellationToken))
            if (Fits(pod.Name, word))
                yield return Result(pod.Name, $"{pod.Name} ({pod.State}) {string.Join(", ", pod.Containers)}");
    }
}
