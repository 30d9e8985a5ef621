namespace Podsharp.Model;

/// <summary>Images to be taken out of an archive (the archive itself comes as a stream).</summary>
public sealed record ImageLoadRequest
{
    /// <summary>Only the image that has this name in the archive, or is the Nth there, counted from 0 (<c>@N</c>); all when null.</summary>
    public string? Reference { get; init; }
    /// <summary>Which image to take where the archive has the same for several platforms; the host's when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>The archive's or directory's absolute path, for the scopes of the signature policy; null for one that came through a pipe.</summary>
    public string? Source { get; init; }
    /// <summary>Whether the archive was made of a directory.</summary>
    public bool IsDirectory { get; init; }
    /// <summary>The policy.json by which images are accepted; the user's or the host's when null.</summary>
    public string? SignaturePolicy { get; init; }
}
