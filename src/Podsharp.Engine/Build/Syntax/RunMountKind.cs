namespace Podsharp.Engine.Build.Syntax;

/// <summary>What a RUN's mount is.</summary>
internal enum RunMountKind
{
    /// <summary>Files of the context, a stage, an image.</summary>
    Bind,

    /// <summary>A directory that outlives the build.</summary>
    Cache,

    /// <summary>A file system in memory.</summary>
    Tmpfs,

    /// <summary>A secret's value, as a file or a variable.</summary>
    Secret,

    /// <summary>A socket to the caller's SSH agent.</summary>
    Ssh,
}
