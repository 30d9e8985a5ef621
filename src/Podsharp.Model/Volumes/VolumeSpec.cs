namespace Podsharp.Model;

/// <summary>What a caller can ask of a new volume.</summary>
public sealed record VolumeSpec
{
    /// <summary>The name; an invented one when empty.</summary>
    public string Name { get; init; } = "";
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Owner of its directory, which mounts then leave alone; when null and no group is given either, the image's directory or the container's user decides.</summary>
    public uint? UserId { get; init; }
    /// <summary>Group of its directory; likewise.</summary>
    public uint? GroupId { get; init; }
}
