using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the containers before the colon of CONTAINER:PATH. Where none fits, PowerShell itself completes files.</summary>
public sealed class ContainerFileCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var container in engine.ListContainersAsync(new ContainerQuery { All = true }, cancellationToken))
            if (Fits(container.Name + ":", word))
                yield return Result(container.Name + ":", $"{container.Name} ({container.State}) {container.Image}");
    }
}
