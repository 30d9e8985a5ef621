using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes the columns of process lists.</summary>
public sealed class ProcessDescriptorCompleter : WordCompleter
{
    private protected override IEnumerable<(string Word, string Meaning)> Words { get; } =
        [.. ProcessDescriptors.All.Select(name => (name, name.StartsWith('h') ? "as the host has it" : name))];
}
