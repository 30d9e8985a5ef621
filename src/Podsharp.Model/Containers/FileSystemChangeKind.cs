namespace Podsharp.Model;

/// <summary>How a file differs from what lies below.</summary>
public enum FileSystemChangeKind
{
    /// <summary>It was there; its content, attributes or, for a directory, something in it has changed.</summary>
    Changed,
    /// <summary>It was not there.</summary>
    Added,
    /// <summary>It is gone. A directory that was removed and made again is deleted, with what is in it now added.</summary>
    Deleted,
}
