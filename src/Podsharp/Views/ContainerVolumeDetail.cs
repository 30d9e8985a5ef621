using Podsharp.Model;

namespace Podsharp.Views;

/// <summary>Everything about a volume, as Get-ContainerVolume -Detailed emits it: also who uses it and how large it is, which takes a walk over its files.</summary>
public sealed record ContainerVolumeDetail
{
    /// <summary>The volume.</summary>
    public required ContainerVolume Volume { get; init; }
    /// <summary>Its name.</summary>
    public string Name => Volume.Name;
    /// <summary>local or image.</summary>
    public string Driver => Volume.Driver;
    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options => Volume.Options;
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels => Volume.Labels;
    /// <summary>When it was made.</summary>
    public DateTimeOffset Created => Volume.Created;
    /// <summary>The directory with its content.</summary>
    public string MountPoint => Volume.MountPoint;
    /// <summary>How often what its driver mounts is mounted now.</summary>
    public int MountCount => Volume.MountCount;
    /// <summary>The owner that was asked for.</summary>
    public uint? UserId => Volume.UserId;
    /// <summary>The group that was asked for.</summary>
    public uint? GroupId => Volume.GroupId;
    /// <summary>Removed with its container.</summary>
    public bool Anonymous => Volume.Anonymous;
    /// <summary>Names of the containers that use it.</summary>
    public required IReadOnlyList<string> Containers { get; init; }
    /// <summary>What its files take, in bytes.</summary>
    public long Size { get; init; }
    /// <inheritdoc/>
    public override string ToString() => Name;
}
