namespace Podsharp.Model;

/// <summary>How an archive is unpacked into a directory.</summary>
public sealed record FileUnpackOptions
{
    /// <summary>Whether all that is made belongs to the container's user, or the caller on a host; if not, the archive's owners stay.</summary>
    public bool TakeOwnership { get; init; } = true;

    /// <summary>Whether a directory may be replaced by something else, and the other way round.</summary>
    public bool Overwrite { get; init; }
}
