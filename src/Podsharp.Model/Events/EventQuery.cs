namespace Podsharp.Model;

/// <summary>Which events to read.</summary>
public sealed record EventQuery
{
    /// <summary>Wait for more. Without a beginning (<see cref="Since"/>): only what happens from the first step of the enumeration on.</summary>
    public bool Follow { get; init; }
    /// <summary>Not before.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Not after.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>podman's filters: type, event, container, image, volume, pod, label. The values of one are alternatives, all of them must hold.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filters { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    /// <summary>Labels that an event must have, all of them: NAME, or NAME=value. (podman's filter takes several for alternatives.)</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
