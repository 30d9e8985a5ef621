namespace Podsharp.Model;

/// <summary>What the trust policy says of an image at a registry.</summary>
public sealed record ImageVerification
{
    /// <summary>The image's name.</summary>
    public required string Image { get; init; }
    /// <summary>Digest of the image's own manifest.</summary>
    public required string Digest { get; init; }
    /// <summary>Whether the policy accepts it.</summary>
    public bool IsAccepted { get; init; }
    /// <summary>Why it doesn't; null where it does.</summary>
    public string? Reason { get; init; }
    /// <summary>How many signatures the image has, good or not.</summary>
    public int Signatures { get; init; }
    /// <summary>The policy's file; null where there is none.</summary>
    public string? PolicyFile { get; init; }
}
