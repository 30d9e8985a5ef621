using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes names of pods.</summary>
public class PodNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var pod in engine.ListPodsAsync(new PodQuery(), cancellationToken))
            if (Fits(Text(pod), word))
                yield return Result(Text(pod), $"{pod.Name} ({pod.State}) {string.Join(", ", pod.Containers)}");
    }

    /// <summary>What is completed.</summary>
    private protected virtual string Text(Pod pod) => pod.Name;
}
