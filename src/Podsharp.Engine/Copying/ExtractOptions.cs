using Podsharp.Engine.Host;

namespace Podsharp.Engine.Copying;

/// <summary>How an archive is unpacked into a tree that is in use.</summary>
internal sealed record ExtractOptions
{
    /// <summary>Who owns what is made; null for the owners that the archive names.</summary>
    internal (uint UserId, uint GroupId)? Owner { get; init; }

    /// <summary>As whom files are made, before they get their owners; null for this process.</summary>
    internal (uint UserId, uint GroupId)? Maker { get; init; }

    /// <summary>The user ids of the namespace that the archive and <see cref="Owner"/> name; empty for this one's.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];

    /// <summary>The group ids.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];

    /// <summary>The user ids that the tree has (inside), and as whose they are shown to those who read what is unpacked; empty where it is shown as it is.</summary>
    internal IReadOnlyList<IdMapping> ShownUsers { get; init; } = [];

    /// <summary>The group ids.</summary>
    internal IReadOnlyList<IdMapping> ShownGroups { get; init; } = [];

    /// <summary>Who is to own a file in the tree, as this process sees it.</summary>
    internal (uint UserId, uint GroupId) InTree(uint user, uint group) => (InTree(UserMap, ShownUsers, user), InTree(GroupMap, ShownGroups, group));

    private static uint InTree(IReadOnlyList<IdMapping> map, IReadOnlyList<IdMapping> shown, uint id) =>
        IdMapping.ToOutside(map, id) is { } onHost && IdMapping.ToInside(shown, onHost) is { } inTree ? inTree : IdMapping.Nobody;

    /// <summary>Whether a directory may be replaced by something else, and the other way round.</summary>
    internal bool Overwrite { get; init; }

    /// <summary>Whether devices are left out.</summary>
    internal bool SkipDevices { get; init; }
}
