using Podsharp.Engine.Build.Copying;

namespace Podsharp.Engine.Build;

/// <summary>Where COPY, ADD and mounts take files from.</summary>
/// <param name="Tree">The files.</param>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Select">What of them there is; null for all.</param>
/// <param name="HostPath">The directory on this host; null where it is an image's.</param>
/// <param name="TopLayer">The layer whose files these are; null for a directory's.</param>
internal sealed record BuildSource(FileTree Tree, string Name, Func<string, FileSelection>? Select, string? HostPath, string? TopLayer)
{
    /// <summary>An image that has that layer, for a mount.</summary>
    internal string? ImageId { get; init; }

    /// <summary>Whether files belong to root, whoever they belong to there: those of a context do.</summary>
    internal bool IsContext => TopLayer is null;
}
