using System.Management.Automation;
using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes names of containers, those first that the command can do something with.</summary>
public class ContainerNameCompleter : EngineCompleter
{
    private protected override async IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var later = new List<CompletionResult>();
        await foreach (var container in engine.ListContainersAsync(new ContainerQuery { All = true }, cancellationToken))
        {
            if (!Fits(Text(container), word))
                continue;
            var result = Result(Text(container), $"{container.Name} ({container.State}) {container.Image}");
            if (Useful(commandName, container.State))
                yield return result;
            else
                later.Add(result);
        }
        foreach (var result in later)
            yield return result;
    }

    /// <summary>What is completed.</summary>
    private protected virtual string Text(Container container) => container.Name;

    private static bool Useful(string commandName, ContainerState state)
    {
        var running = state is ContainerState.Running or ContainerState.Paused;
        return commandName switch
        {
            "Start-Container" or "Remove-Container" => !running,
            "Stop-Container" or "Wait-Container" or "Enter-ContainerSession" or "Invoke-ContainerCommand" or "Start-ContainerProcess"
                or "Get-ContainerProcess" or "Measure-Container" or "Send-ContainerSignal" => running,
            _ => true,
        };
    }
}
