namespace Podsharp.Model;

/// <summary>An image's root file system, mounted read-only on the host.</summary>
public sealed record ContainerImageMount
{
    /// <summary>The image's id.</summary>
    public required string Id { get; init; }
    /// <summary>The image's names.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>The image's digest.</summary>
    public string Digest { get; init; } = "";
    /// <summary>Where it is mounted.</summary>
    public required string MountPoint { get; init; }
    /// <summary>The first name, or the id.</summary>
    public string Name => Names.Count > 0 ? Names[0] : Id;
    /// <inheritdoc/>
    public override string ToString() => MountPoint;
}
