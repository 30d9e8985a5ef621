namespace Podsharp.Model;

/// <summary>What a caller can ask of a new secret. The value travels beside it, as a stream: records are printed and logged.</summary>
public sealed record SecretSpec
{
    /// <summary>The longest value in bytes; it must be shorter than that (podman's limit).</summary>
    public const int MaximumSize = 512000;

    /// <summary>The name: 1 to 253 characters without <c>,</c>, <c>/</c> and <c>=</c>.</summary>
    public required string Name { get; init; }
    /// <summary>Who keeps the value: file, pass or shell; containers.conf's choice when null.</summary>
    public string? Driver { get; init; }
    /// <summary>The driver's options; containers.conf's when empty.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = EmptyDictionary.Strings;
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Takes the place of a secret of that name.</summary>
    public bool Replace { get; init; }
    /// <summary>Leaves a secret of that name as it is.</summary>
    public bool Ignore { get; init; }
}
