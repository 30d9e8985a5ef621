namespace Podsharp.Model;

/// <summary>Which events to read.</summary>
public sealed record EventQuery
{
    /// <summary>Wait for more.</summary>
    public bool Follow { get; init; }
    /// <summary>Not before.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Not after.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>podman's filters: type, event, container, image, volume, label.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
