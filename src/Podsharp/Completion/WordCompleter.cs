using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Podsharp.Completion;

/// <summary>The base of completers for a fixed set of words. A parameter takes other words too: the engine decides.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete,
        CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('"', '\'');
        return Words.Where(entry => Fits(entry.Word, word)).Select(entry => EngineCompleter.Result(entry.Word, entry.Meaning));
    }

    /// <summary>The words and what they mean.</summary>
    private protected abstract IEnumerable<(string Word, string Meaning)> Words { get; }

    /// <summary>Whether a word is meant by what was typed so far.</summary>
    private protected virtual bool Fits(string value, string word) => EngineCompleter.Fits(value, word);
}
