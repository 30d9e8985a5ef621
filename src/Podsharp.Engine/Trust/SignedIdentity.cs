using Podsharp.Engine.Images;

namespace Podsharp.Engine.Trust;

/// <summary>Which names a signature may bear for an image (containers-policy.json(5), <c>signedIdentity</c>).</summary>
/// <param name="Kind">The rule.</param>
/// <param name="First">Its name or prefix, for those that have one.</param>
/// <param name="Second">What stands for the prefix in signatures.</param>
internal sealed record SignedIdentity(SignedIdentityKind Kind, string First = "", string Second = "")
{
    /// <summary>Whether a signature for a name is one for this image.</summary>
    /// <param name="image">The image's name; null for one that has none, as in a directory.</param>
    /// <param name="signed">The name in the signature.</param>
    internal bool Accepts(ImageReference? image, string signed)
    {
        if (!ImageReference.TryParse(signed, out var bearer, out _) || signed.StartsWith("docker://", StringComparison.Ordinal))
            return false;
        return Kind switch
        {
            SignedIdentityKind.ExactReference => ImageReference.TryParse(First, out var exact, out _) && Same(exact, bearer),
            SignedIdentityKind.ExactRepository => ImageReference.TryParse(First, out var exact, out _) && exact.Repository == bearer.Repository,
            _ when image is null => false,
            SignedIdentityKind.MatchExact => Same(image, bearer),
            SignedIdentityKind.MatchRepository => image.Repository == bearer.Repository,
            SignedIdentityKind.RemapIdentity => Remap(image) is { } mapped && SameOrDigest(mapped, bearer),
            _ => SameOrDigest(image, bearer),
        };
    }

    private static bool Same(ImageReference image, ImageReference bearer) =>
        (image.Tag ?? image.Digest) is not null && (bearer.Tag ?? bearer.Digest) is not null && image.ToString() == bearer.ToString();

    // A name with a digest has been compared with the manifest, and the signature's digest is: there the repository is enough.
    private static bool SameOrDigest(ImageReference image, ImageReference bearer) => (bearer.Tag ?? bearer.Digest) is not null &&
        (image is { Tag: null, Digest: not null } ? image.Repository == bearer.Repository : Same(image, bearer));

    private ImageReference? Remap(ImageReference image)
    {
        var name = image.Repository;
        if (!name.StartsWith(First, StringComparison.Ordinal) || (name.Length > First.Length && name[First.Length] != '/'))
            return image;
        return ImageReference.TryParse(Second + name[First.Length..], out var mapped, out _) ? mapped with { Tag = image.Tag, Digest = image.Digest } : null;
    }
}

/// <summary>The rules of <see cref="SignedIdentity"/>.</summary>
internal enum SignedIdentityKind
{
    /// <summary>The same name and tag; for an image named by its digest the same repository.</summary>
    MatchRepositoryDigestOrExact,
    /// <summary>The same name.</summary>
    MatchExact,
    /// <summary>The same repository, whatever the tag.</summary>
    MatchRepository,
    /// <summary>A given name, whatever the image's.</summary>
    ExactReference,
    /// <summary>A given repository, whatever the image's.</summary>
    ExactRepository,
    /// <summary>As the first, for the name with its beginning replaced: for mirrors.</summary>
    RemapIdentity,
}
