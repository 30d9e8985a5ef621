using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>How deep a tree that a container could write to is walked: a stack and the open files have an end, a hostile tree has none.</summary>
internal static class TreeDepth
{
    private const int LongestPath = 4095; // PATH_MAX, with its zero

    /// <summary>Refuses a directory whose path nobody could open in one call.</summary>
    /// <exception cref="ContainerEngineException">PathTooLong.</exception>
    internal static void Check(ReadOnlySpan<byte> path)
    {
        if (path.Length <= LongestPath) return;
        throw new ContainerEngineException(ErrorKind.Unsupported, "PathTooLong", "directories in the container are nested deeper than a path can tell",
            null, "name a directory further down");
    }
}
