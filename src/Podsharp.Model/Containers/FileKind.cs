namespace Podsharp.Model;

/// <summary>What is at a path.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    File,
    /// <summary>A directory.</summary>
    Directory,
    /// <summary>A device, fifo or socket.</summary>
    Other,
}
