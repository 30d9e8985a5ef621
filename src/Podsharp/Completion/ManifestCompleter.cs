using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of lists of images.</summary>
public sealed class ManifestCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var manifest in engine.ListManifestsAsync(cancellationToken))
            foreach (var name in manifest.Names)
                if (Fits(name, word))
                    yield return Result(name, string.Join(", ", manifest.Platforms));
    }
}
