namespace Podsharp.Model;

/// <summary>What is at a path of a container or host.</summary>
public sealed record FilePathStatus
{
    /// <summary>The absolute path, with its ending (<c>/</c>, <c>/.</c>) as it was given. In a container, where the last part is a symbolic link, what
    /// that leads to, whether it is there or not.</summary>
    public required string Path { get; init; }

    /// <summary>Whether there is anything. If not, nothing else is told.</summary>
    public bool Exists { get; init; }

    /// <summary>What it is.</summary>
    public FileKind Kind { get; init; }

    /// <summary>Bytes of a file's content.</summary>
    public long Size { get; init; }

    /// <summary>Permissions, with set-id and sticky bits.</summary>
    public int Mode { get; init; }

    /// <summary>When the content was changed.</summary>
    public DateTimeOffset Modified { get; init; }
}
