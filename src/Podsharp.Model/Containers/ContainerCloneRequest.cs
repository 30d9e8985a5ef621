namespace Podsharp.Model;

/// <summary>A container to make like another one. What is null stays as it is there.</summary>
public sealed record ContainerCloneRequest
{
    /// <summary>The name; the other's with <c>-clone</c>, and a number if need be, when null.</summary>
    public string? Name { get; init; }
    /// <summary>Another image, which must be in local storage.</summary>
    public string? Image { get; init; }
    /// <summary>The pod to put it in: a name or id; none, whatever pod the other one is in, when null.</summary>
    public string? Pod { get; init; }
    /// <summary>Limits: those that are not null, in place of the other's.</summary>
    public ResourceLimits Resources { get; init; } = new();
    /// <summary>Removes the other one once this one is made. Anonymous volumes stay: they are the new one's, too.</summary>
    public bool Destroy { get; init; }
    /// <summary>With <see cref="Destroy"/>: also if it runs.</summary>
    public bool Force { get; init; }
    /// <summary>The command line that asked for it, for inspect.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];
}
