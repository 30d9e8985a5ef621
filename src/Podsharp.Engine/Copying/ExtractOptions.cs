using Podsharp.Engine.Host;

namespace Podsharp.Engine.Copying;

/// <summary>How an archive is unpacked into a tree that is in use.</summary>
internal sealed record ExtractOptions
{
    /// <summary>Who owns what is made; null for the owners that the archive names.</summary>
    internal (uint UserId, uint GroupId)? Owner { get; init; }

    /// <summary>The user ids of the namespace that the archive and <see cref="Owner"/> name; empty for this one's.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>Who owns a file, as this process sees it.</summary>
    internal (uint UserId, uint GroupId) OnHost(uint user, uint group) =>
        (IdMapping.ToOutside(UserMap, user) ?? IdMapping.Nobody, IdMapping.ToOutside(GroupMap, group) ?? IdMapping.Nobody);

    /// <summary>Whether a directory may be replaced by something else, and the other way round.</summary>
    internal bool Overwrite { get; init; }

    /// <summary>Whether devices are left out.</summary>
    internal bool SkipDevices { get; init; }
}
