using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Podsharp.Hosting;
using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>The base of completers that ask the engine. They never raise errors, and give up when the engine is slow.</summary>
public abstract class EngineCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('"', '\'');
        using var cancellation = new CancellationTokenSource(Patience);
        var token = cancellation.Token;
        var results = Task.Run(() => CollectAsync(commandName, word, token), token);
        try
        {
            return results.Wait(Patience) ? results.Result : [];
        }
        catch (AggregateException)
        {
            return [];
        }
    }

    /// <summary>What fits the word.</summary>
    private protected abstract IAsyncEnumerable<CompletionResult> FindAsync(IContainerEngine engine, string commandName, string word,
        CancellationToken cancellationToken);

    /// <summary>A result; quoted where PowerShell would read it as something else.</summary>
    internal static CompletionResult Result(string text, string toolTip)
    {
        var plain = text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '+') && !text.StartsWith('-');
        return new CompletionResult(plain ? text : $"'{text.Replace("'", "''")}'", text, CompletionResultType.ParameterValue,
            toolTip.Length > 0 ? toolTip : text);
    }

    /// <summary>Whether a value begins as the word does, or matches it as a wildcard.</summary>
    internal static bool Fits(string value, string word) =>
        word.Length == 0 || WildcardPattern.Get(word + "*", WildcardOptions.IgnoreCase).IsMatch(value);

    private async Task<List<CompletionResult>> CollectAsync(string commandName, string word, CancellationToken cancellationToken)
    {
        var results = new List<CompletionResult>();
        await foreach (var result in FindAsync(EngineProvider.GetLast(), commandName, word, cancellationToken))
            results.Add(result);
        return results;
    }
}
