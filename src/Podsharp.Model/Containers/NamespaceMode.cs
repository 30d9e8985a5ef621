namespace Podsharp.Model;

/// <summary>One namespace's mode.</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Target">The container or path, where the kind needs one.</param>
public sealed record NamespaceMode(NamespaceKind Kind, string? Target = null)
{
    /// <summary>The engine's default.</summary>
    public static NamespaceMode Default { get; } = new(NamespaceKind.Default);

    /// <summary>Reads podman's words: empty, private, host, none, shareable, container:ID, ns:PATH.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for any other word.</exception>
    public static NamespaceMode Parse(string text, string option)
    {
        if (text.StartsWith("container:", StringComparison.Ordinal) && text.Length > 10)
            return new(NamespaceKind.Container, text[10..]);
        if (text.StartsWith("ns:", StringComparison.Ordinal) && text.Length > 3)
            return new(NamespaceKind.Path, text[3..]);
        return text switch
        {
            "" => Default,
            "private" => new(NamespaceKind.Private),
            "host" => new(NamespaceKind.Host),
            "none" => new(NamespaceKind.None),
            "shareable" => new(NamespaceKind.Shareable),
            _ => throw EngineErrors.InvalidArgument($"unknown namespace mode \"{text}\" for {option}", text,
                "use private, host, container:NAME or ns:PATH"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        NamespaceKind.Container => "container:" + Target,
        NamespaceKind.Path => "ns:" + Target,
        NamespaceKind.Pasta or NamespaceKind.Slirp4netns when Target is { Length: > 0 } => Kind.ToString().ToLowerInvariant() + ":" + Target,
        NamespaceKind.Default => "",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
