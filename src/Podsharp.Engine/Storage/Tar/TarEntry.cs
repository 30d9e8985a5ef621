using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>The kinds of tar entries that a layer can hold (pax(1), typeflag).</summary>
internal enum TarEntryType
{
    File,
    HardLink,
    Symlink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}

/// <summary>One entry of a tar, extended headers applied. Names are bytes: they need not be UTF-8.</summary>
internal sealed record TarEntry
{
    /// <summary>The name as the archive spells it ("./etc/").</summary>
    public required byte[] Name { get; init; }

    /// <summary>What it is.</summary>
    public required TarEntryType Type { get; init; }

    /// <summary>Bytes of data that follow; 0 for all but files.</summary>
    public required long Size { get; init; }

    /// <summary>A link's target.</summary>
    public byte[] LinkName { get; init; } = [];

    /// <summary>Permissions with set-id and sticky bits.</summary>
    public uint Mode { get; init; }

    /// <summary>The owner.</summary>
    public uint UserId { get; init; }

    /// <summary>The group.</summary>
    public uint GroupId { get; init; }

    /// <summary>When the content was changed.</summary>
    public FileTime Modified { get; init; }

    /// <summary>When the content was read; the same as <see cref="Modified"/> where the archive doesn't say.</summary>
    public FileTime Accessed { get; init; }

    /// <summary>A device's major number.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>A device's minor number.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes (SCHILY.xattr.*), in the archive's order.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Attributes { get; init; } = [];
}
