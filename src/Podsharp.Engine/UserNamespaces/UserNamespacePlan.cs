using Podsharp.Engine.Host;
using Podsharp.Model;

namespace Podsharp.Engine.UserNamespaces;

/// <summary>What was decided of a container's user namespace.</summary>
internal sealed record UserNamespacePlan
{
    /// <summary>Host, Private, Path, or Container with its id.</summary>
    internal NamespaceMode Mode { get; init; } = new(NamespaceKind.Host);
    /// <summary>Its users; of an automatic one what was asked for by number.</summary>
    internal IReadOnlyList<IdMapping> UserMap { get; init; } = [];
    /// <summary>Its groups.</summary>
    internal IReadOnlyList<IdMapping> GroupMap { get; init; } = [];
    /// <summary>The ids that are to be found for it; 0 where all are known.</summary>
    internal uint AutomaticSize { get; init; }
    /// <summary>The user of its process, unless one is asked for; null for the image's.</summary>
    internal string? User { get; init; }
}
