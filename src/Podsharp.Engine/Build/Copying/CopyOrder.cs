namespace Podsharp.Engine.Build.Copying;

/// <summary>What one COPY or ADD is to do.</summary>
internal sealed record CopyOrder
{
    /// <summary>What is copied.</summary>
    internal required IReadOnlyList<CopySource> Sources { get; init; }

    /// <summary>Where to, from the root.</summary>
    internal required string Destination { get; init; }

    /// <summary>Whether that is a directory, be it there or not: it is written with a slash at its end, or gets several files.</summary>
    internal bool IntoDirectory { get; init; }

    /// <summary>The owner of all that is copied; null for the files' own.</summary>
    internal (uint UserId, uint GroupId)? Owner { get; init; }

    /// <summary>What becomes of the permissions of all that is copied; null for the files' own.</summary>
    internal ModeChange? Mode { get; init; }

    /// <summary>Whether the bits that give a program its file's owner or group are dropped, as podman does with what comes from the context.</summary>
    internal bool DropsPrivileges { get; init; }

    /// <summary>Finds programs of the host that decompress archives.</summary>
    internal Func<string, string?> FindProgram { get; init; } = static _ => null;
}
