using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of networks.</summary>
public sealed class NetworkNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var network in engine.ListNetworksAsync(new NetworkQuery(), cancellationToken))
            if (Fits(network.Name, word))
                yield return Result(network.Name, $"{network.Driver} {string.Join(' ', network.Subnets)}".TrimEnd());
    }
}
