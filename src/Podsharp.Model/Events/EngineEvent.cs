namespace Podsharp.Model;

/// <summary>Something that happened to a container, image or volume, in podman's words.</summary>
public sealed record EngineEvent
{
    /// <summary>container, image, pod, volume, network, system, secret.</summary>
    public required string Type { get; init; }
    /// <summary>create, init, start, died, cleanup, remove, pull, tag ...</summary>
    public required string Status { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }
    /// <summary>The object's id.</summary>
    public string Id { get; init; } = "";
    /// <summary>The object's name.</summary>
    public string Name { get; init; } = "";
    /// <summary>The container's image.</summary>
    public string Image { get; init; } = "";
    /// <summary>With died and exec_died.</summary>
    public int? ExitCode { get; init; }
    /// <summary>Labels and further facts.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = EmptyDictionary.Strings;
}
