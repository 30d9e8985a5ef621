using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of artifacts.</summary>
public sealed class ArtifactCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var artifact in engine.ListArtifactsAsync(cancellationToken))
            if (Fits(artifact.Name, word))
                yield return Result(artifact.Name, $"{artifact.FileCount} files, {artifact.Type}".TrimEnd(' ', ','));
    }
}
