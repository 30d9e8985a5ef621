using Podsharp.Model;

namespace Podsharp.Orchestration.Containers;

/// <summary>What a <c>run</c> or <c>create</c> command line asks for: the container, and what the front does with it.</summary>
public sealed record RunRequest
{
    /// <summary>The container to make.</summary>
    public required ContainerSpec Spec { get; init; }
    /// <summary>Leave it running and print its id.</summary>
    public bool Detach { get; init; }
    /// <summary>What to connect when it isn't detached.</summary>
    public OutputAttachment Attach { get; init; }
    /// <summary>Keys that detach, as written; null for the default.</summary>
    public string? DetachKeys { get; init; }
    /// <summary>Pass signals on.</summary>
    public bool SignalProxy { get; init; } = true;
    /// <summary>Show no progress.</summary>
    public bool Quiet { get; init; }
}
