using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes registries: those that local images come from.</summary>
public sealed class RegistryCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var image in engine.ListImagesAsync(new ImageQuery(), cancellationToken))
            foreach (var name in image.Names)
            {
                var registry = name.Split('/')[0];
                if (registry != "localhost" && Fits(registry, word) && seen.Add(registry))
                    yield return Result(registry, $"The registry of {name}");
            }
    }
}
