namespace Podsharp.Model;

/// <summary>What is to change about a container. What is null or empty stays as it is.</summary>
public sealed record ContainerUpdate
{
    /// <summary>Networks in place of those it has; null leaves them. What runs has them at once, and its open connections drop.</summary>
    public IReadOnlyList<NetworkAttachment>? Networks { get; init; }
    /// <summary>Published ports in place of those it has; null leaves them. What runs has them at once, and its open connections drop.</summary>
    public IReadOnlyList<PortMapping>? Ports { get; init; }
    /// <summary>Limits: those that are not null, changed on what runs and for later starts. 0 takes a limit of memory, CPU time or processes away.</summary>
    public ResourceLimits Resources { get; init; } = new();
    /// <summary>Whether it is started again after its end.</summary>
    public RestartPolicy? RestartPolicy { get; init; }
    /// <summary>Variables to set from the next start on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = EmptyDictionary.Strings;
    /// <summary>Variables to leave out from the next start on, whoever set them.</summary>
    public IReadOnlyList<string> RemoveEnvironment { get; init; } = [];
    /// <summary>What is to change about its health checks: what is not null, from the next check on. With another command its health begins anew.</summary>
    public HealthSpec? Health { get; init; }
    /// <summary>Process limits from the next start on; they take the place of all that were asked for before.</summary>
    public IReadOnlyList<Ulimit>? Ulimits { get; init; }
}
