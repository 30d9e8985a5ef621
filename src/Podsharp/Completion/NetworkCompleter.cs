using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes network modes, networks, and containers whose network can be shared.</summary>
public sealed class NetworkCompleter() : JoinCompleter(
    [("bridge", "the default network"), ("none", "loopback only"), ("host", "the host's own network"), ("pasta", "the host's addresses, by pasta"), ("slirp4netns", "by slirp4netns")], "the network")
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var network in engine.ListNetworksAsync(new NetworkQuery(), cancellationToken))
            if (network.Joinable && Fits(network.Name, word))
                yield return Result(network.Name, $"{network.Driver} {string.Join(' ', network.Subnets)}".TrimEnd());
        await foreach (var other in base.FindAsync(engine, commandName, word, cancellationToken))
            yield return other;
    }
}
