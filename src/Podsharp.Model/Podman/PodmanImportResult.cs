namespace Podsharp.Model;

/// <summary>What became of one of podman's containers or volumes.</summary>
public sealed record PodmanImportResult
{
    /// <summary>podman's name for it.</summary>
    public required string Source { get; init; }
    /// <summary>Its name here.</summary>
    public string Name { get; init; } = "";
    /// <summary>The new container; null for a volume, a plan and a failure.</summary>
    public Container? Container { get; init; }
    /// <summary>The new volume; null for a container, a plan and a failure.</summary>
    public ContainerVolume? Volume { get; init; }
    /// <summary>What couldn't be carried over, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    /// <summary>Why nothing was made; empty otherwise.</summary>
    public string Failure { get; init; } = "";
    /// <summary>Whether nothing was made because only a plan was asked for.</summary>
    public bool Planned { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : Source;
}
