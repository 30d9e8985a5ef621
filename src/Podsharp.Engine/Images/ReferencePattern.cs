using System.IO.Enumeration;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Names with wildcards, as the filter <c>reference</c> and the arguments of a list take them.</summary>
internal static class ReferencePattern
{
    /// <summary>Whether an image has a name that fits, or an id or digest that begins like that. A pattern without a registry fits
    /// any, one without a tag fits all tags.</summary>
    internal static bool Matches(StoredImage image, string pattern)
    {
        if (pattern.Length == 0)
        {
            return false;
        }
        if (!pattern.AsSpan().ContainsAnyExcept("0123456789abcdef") && image.Id.StartsWith(pattern, StringComparison.Ordinal))
        {
            return true;
        }
        var (wanted, tag, digest) = ImageReference.Split(ImageReference.StripTransport(pattern));
        if (digest is not null && !image.Digests.Contains(digest))
        {
            return false;
        }
        return image.Names.Any(name => MatchesName(ImageName.Split(name), wanted, digest is null ? tag : null));
    }

    private static bool MatchesName((string Repository, string? Tag, string? Digest) name, string pattern, string? tag)
    {
        if (tag is not null && !Fits(tag, name.Tag ?? ""))
        {
            return false;
        }
        // docker.io/library/nginx fits as it is, as library/nginx and as nginx.
        for (var rest = name.Repository; ;)
        {
            if (Fits(pattern, rest))
            {
                return true;
            }
            var slash = rest.IndexOf('/');
            if (slash < 0)
            {
                return false;
            }
            rest = rest[(slash + 1)..];
        }
    }

    private static bool Fits(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
