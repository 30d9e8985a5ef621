using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes ids of pods.</summary>
public sealed class PodIdCompleter : PodNameCompleter
{
    private protected override string Text(Pod pod) => pod.Id;
}
