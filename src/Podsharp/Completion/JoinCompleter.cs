using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes fixed modes, and the containers that can be joined in place of them.</summary>
/// <param name="modes">The modes and what they mean.</param>
/// <param name="joined">What is shared with a container: "the network".</param>
public abstract class JoinCompleter((string Word, string Meaning)[] modes, string joined) : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (mode, meaning) in modes)
            if (Fits(mode, word))
                yield return Result(mode, meaning);
        await foreach (var container in engine.ListContainersAsync(new ContainerQuery { All = true }, cancellationToken))
            if (Fits("container:" + container.Name, word))
                yield return Result("container:" + container.Name, $"shares {joined} of {container.Name}");
    }
}
