namespace Podsharp.Model;

/// <summary>An image to make of a root file system archive (the archive itself comes as a stream).</summary>
public sealed record ImageImportRequest
{
    /// <summary>Name to give; none when null.</summary>
    public string? Reference { get; init; }
    /// <summary>Containerfile instructions to apply: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
    /// <summary>Comment for the history.</summary>
    public string Message { get; init; } = "";
    /// <summary>Platform to record; the host's when null.</summary>
    public ImagePlatform? Platform { get; init; }
    /// <summary>The policy.json by which images are accepted; the user's or the host's when null.</summary>
    public string? SignaturePolicy { get; init; }
}
