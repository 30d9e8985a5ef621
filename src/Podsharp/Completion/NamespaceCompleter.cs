using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes namespace modes, and containers whose namespace can be shared.</summary>
public sealed class NamespaceCompleter : EngineCompleter
{
    private static readonly (string Word, string Meaning)[] Modes =
    [
        ("private", "one of the container's own"), ("host", "the host's"),
    ];

    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (mode, meaning) in Modes)
            if (Fits(mode, word))
                yield return Result(mode, meaning);
        await foreach (var container in engine.ListContainersAsync(new ContainerQuery { All = true }, cancellationToken))
            if (Fits("container:" + container.Name, word))
                yield return Result("container:" + container.Name, $"shares that of {container.Name}");
    }
}
