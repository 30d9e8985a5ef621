using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>What becomes of the times of files in a layer that a build makes: whole seconds, as in everybody's layers.</summary>
/// <param name="Fixed">The time of all of them, in seconds since 1970; null for their own.</param>
/// <param name="Latest">The latest there may be; null for none.</param>
internal sealed record LayerTimes(long? Fixed, long? Latest)
{
    /// <summary>The time of what a build makes by itself.</summary>
    internal FileTime Now => new(Fixed ?? Latest ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 0);

    /// <summary>The time of what it copies.</summary>
    internal FileTime Of(FileTime time) => new(Fixed ?? (Latest is { } latest && time.Seconds > latest ? latest : time.Seconds), 0);
}
