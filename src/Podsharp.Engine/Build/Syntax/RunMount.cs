namespace Podsharp.Engine.Build.Syntax;

/// <summary>A mount of one RUN (<c>RUN --mount=type=KIND,...</c>).</summary>
internal sealed record RunMount
{
    /// <summary>What it is.</summary>
    internal required RunMountKind Kind { get; init; }

    /// <summary>A cache's, a secret's or an agent's name; null for the one that follows from the target (cache) or the default agent.</summary>
    internal string? Id { get; init; }

    /// <summary>A stage, by name or number, a named context or an image; null for the context (bind) or the cache itself.</summary>
    internal string? From { get; init; }

    /// <summary>What of it, from its top; null for all.</summary>
    internal string? Source { get; init; }

    /// <summary>Where: may be relative to the working directory. Null for a secret that is a variable only, or lies at its default place, and for an agent.</summary>
    internal string? Target { get; init; }

    /// <summary>Whether the command may write: a bind's changes are dropped afterwards. Default by kind.</summary>
    internal bool Writable { get; init; }

    /// <summary>Who may use a cache at once.</summary>
    internal CacheSharing Sharing { get; init; }

    /// <summary>The mode; null for the kind's default.</summary>
    internal uint? Mode { get; init; }

    /// <summary>The owner inside; null for 0.</summary>
    internal uint? UserId { get; init; }

    /// <summary>The group inside; null for 0.</summary>
    internal uint? GroupId { get; init; }

    /// <summary>A secret or an agent that isn't there fails the step.</summary>
    internal bool Required { get; init; }

    /// <summary>The variable that a secret is given in; null for a file.</summary>
    internal string? Environment { get; init; }

    /// <summary>The most that a tmpfs holds, in bytes.</summary>
    internal long? TmpfsSize { get; init; }

    /// <summary>A tmpfs gets a copy of what its place holds (<c>tmpcopyup</c>).</summary>
    internal bool CopyUp { get; init; }

    /// <summary>An SELinux label: <c>shared</c> (z) or <c>private</c> (Z).</summary>
    internal string? Relabel { get; init; }

    /// <summary>The propagation of a bind: <c>rprivate</c> and its kin.</summary>
    internal string? Propagation { get; init; }

    /// <summary>Mounts below the source aren't seen.</summary>
    internal bool NonRecursive { get; init; }

    /// <summary>Files belong to the container's user (<c>U</c>).</summary>
    internal bool OwnerShift { get; init; }

    /// <summary>A link as the source is itself mounted.</summary>
    internal bool NoDereference { get; init; }

    /// <summary>Further words of mount(8): <c>nosuid</c>, <c>nodev</c>, <c>noexec</c>.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Reads a mount.</summary>
    /// <param name="text">What stands behind <c>--mount=</c>, with its variables put in.</param>
    /// <exception cref="Podsharp.Model.ContainerEngineException">InvalidRunMount: a kind, an option or a value that isn't known, or one that is missing.</exception>
    internal static RunMount Parse(string text) => new RunMountReader(text).Read();
}
