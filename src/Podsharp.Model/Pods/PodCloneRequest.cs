namespace Podsharp.Model;

/// <summary>A pod to make like another one, with copies of its containers. What is null or empty stays as it is there.</summary>
public sealed record PodCloneRequest
{
    /// <summary>The name; the other's with <c>-clone</c>, and a number if need be, when null.</summary>
    public string? Name { get; init; }
    /// <summary>Removes the other one, even if it runs, once this one is made. Volumes that both have stay.</summary>
    public bool Destroy { get; init; }
    /// <summary>Labels, in place of the other's.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The infra container's name.</summary>
    public string? InfraName { get; init; }
    /// <summary>What the infra container runs.</summary>
    public IReadOnlyList<string>? InfraCommand { get; init; }
    /// <summary>What differs of what the infra container has: host name, mounts, containers to take mounts of, security options, kernel parameters, shared memory,
    /// PID and UTS namespace, control group parent, restart policy, limits and conmon's pid file. The rest is not looked at.</summary>
    public ContainerSpec Container { get; init; } = new();
    /// <summary>The command line that asked for it, for inspect.</summary>
    public IReadOnlyList<string> CreateCommand { get; init; } = [];
}
