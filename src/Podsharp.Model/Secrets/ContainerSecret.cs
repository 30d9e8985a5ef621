namespace Podsharp.Model;

/// <summary>What is known of a secret. Its value isn't among it.</summary>
public sealed record ContainerSecret
{
    /// <summary>The id: 25 hexadecimal characters.</summary>
    public required string Id { get; init; }
    /// <summary>The name.</summary>
    public required string Name { get; init; }
    /// <summary>Who keeps the value: file, pass or shell.</summary>
    public string Driver { get; init; } = "file";
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = EmptyDictionary.Strings;
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>When it was made or replaced.</summary>
    public DateTimeOffset Updated { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}
