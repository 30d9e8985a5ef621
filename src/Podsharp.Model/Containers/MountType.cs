namespace Podsharp.Model;

/// <summary>What a container mount is made of.</summary>
public enum MountType
{
    /// <summary>A path of the host.</summary>
    Bind,
    /// <summary>A named or anonymous volume.</summary>
    Volume,
    /// <summary>Memory.</summary>
    Tmpfs,
    /// <summary>Memory that is never swapped out and has no limit.</summary>
    Ramfs,
    /// <summary>A file system of terminals.</summary>
    Devpts,
    /// <summary>An image's files, to be read only unless the option rw is given: then changes are gone with the run.</summary>
    Image,
    /// <summary>All paths of the host that fit a pattern when the container is made, each as a bind.</summary>
    Glob,
    /// <summary>The files of an artifact, to be read only.</summary>
    Artifact,
}
