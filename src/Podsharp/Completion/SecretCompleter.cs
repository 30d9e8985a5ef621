using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the names of secrets.</summary>
public sealed class SecretCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var secret in engine.ListSecretsAsync(new(), cancellationToken))
            if (Fits(secret.Name, word))
                yield return Result(secret.Name, $"{secret.Driver}, {secret.Updated.LocalDateTime:g}");
    }
}
