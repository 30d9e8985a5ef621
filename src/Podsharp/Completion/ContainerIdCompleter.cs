using Podsharp.Model;

namespace Podsharp.Completion;

/// <summary>Completes ids of containers, in their short form.</summary>
public sealed class ContainerIdCompleter : ContainerNameCompleter
{
    private protected override string Text(Container container) => container.ShortId;
}
