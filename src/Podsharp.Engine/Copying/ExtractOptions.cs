namespace Podsharp.Engine.Copying;

/// <summary>How an archive is unpacked into a tree that is in use.</summary>
internal sealed record ExtractOptions
{
    /// <summary>Who owns what is made; null for the owners that the archive names.</summary>
    internal (uint UserId, uint GroupId)? Owner { get; init; }

    /// <summary>Whether a directory may be replaced by something else, and the other way round.</summary>
    internal bool Overwrite { get; init; }

    /// <summary>Whether devices are left out.</summary>
    internal bool SkipDevices { get; init; }
}
