namespace Podsharp.Model;

/// <summary>What a caller can ask of a new volume.</summary>
public sealed record VolumeSpec
{
    /// <summary>The name; an invented one when empty.</summary>
    public string Name { get; init; } = "";
    /// <summary><c>local</c>, or <c>image</c> for an image's files (option <c>image</c>), which are the volume's own to change.</summary>
    public string Driver { get; init; } = "local";
    /// <summary>The driver's options. local: <c>type</c>, <c>device</c> and <c>o</c> of mount(8), for what is mounted while it is used; <c>copy</c> and
    /// <c>nocopy</c>. In <c>o</c>, <c>uid</c> and <c>gid</c> are the owner, <c>size</c> and <c>inodes</c> limits.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>Owner of its directory, which mounts then leave alone; when null and no group is given either, the image's directory or the container's user decides.</summary>
    public uint? UserId { get; init; }
    /// <summary>Group of its directory; likewise.</summary>
    public uint? GroupId { get; init; }
    /// <summary>Leaves a volume of that name as it is.</summary>
    public bool Ignore { get; init; }
}
