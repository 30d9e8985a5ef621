namespace Podsharp.Model;

/// <summary>A volume.</summary>
public sealed record ContainerVolume
{
    /// <summary>The name; 64 hexadecimal characters for an anonymous one.</summary>
    public required string Name { get; init; }
    /// <summary>local or image.</summary>
    public string Driver { get; init; } = "local";
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = EmptyDictionary.Strings;
    /// <summary>How often what its driver mounts is mounted now.</summary>
    public int MountCount { get; init; }
    /// <summary>Nothing has been copied into it from an image yet.</summary>
    public bool NeedsCopyUp { get; init; }
    /// <summary>Its directory hasn't got its owner yet.</summary>
    public bool NeedsOwner { get; init; }
    /// <summary>The directory with its content.</summary>
    public string MountPoint { get; init; } = "";
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyDictionary.Strings;
    /// <summary>The owner that was asked for; null where none was.</summary>
    public uint? UserId { get; init; }
    /// <summary>The group that was asked for; null where none was.</summary>
    public uint? GroupId { get; init; }
    /// <summary>Removed with its container.</summary>
    public bool Anonymous { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}
