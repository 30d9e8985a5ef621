namespace Podsharp.Model;

/// <summary>Images to be taken out of an archive (the archive itself comes as a stream).</summary>
public sealed record ImageLoadRequest
{
    /// <summary>Which image to take where the archive has the same for several platforms; the host's when null.</summary>
    public ImagePlatform? Platform { get; init; }
}
