using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes network modes, and containers whose network can be shared.</summary>
public sealed class NetworkCompleter : EngineCompleter
{
    private static readonly (string Word, string Meaning)[] Modes =
    [
        ("bridge", "the default network"), ("none", "loopback only"), ("host", "the host's own network"),
    ];

    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (mode, meaning) in Modes)
            if (Fits(mode, word))
                yield return Result(mode, meaning);
        await foreach (var container in engine.ListContainersAsync(new ContainerQuery { All = true }, cancellationToken))
            if (Fits("container:" + container.Name, word))
                yield return Result("container:" + container.Name, $"shares the network of {container.Name}");
    }
}
