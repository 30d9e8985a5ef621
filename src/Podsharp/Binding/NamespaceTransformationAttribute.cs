using Podsharp.Model;

namespace Podsharp.Binding;

/// <summary>A namespace mode: private, host, container:NAME, ns:PATH; or the container to share with.</summary>
/// <param name="option">The parameter's name, for the error.</param>
internal sealed class NamespaceTransformationAttribute(string option) : TransformationAttribute
{
    private protected override object StandIn => new NamespaceMode(NamespaceKind.Default);

    private protected override object? Convert(object? value) => value switch
    {
        string text => NamespaceMode.Parse(text, "-" + option),
        Container container => new NamespaceMode(NamespaceKind.Container, container.Id),
        _ => value,
    };
}
