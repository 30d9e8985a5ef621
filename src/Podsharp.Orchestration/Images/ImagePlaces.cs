namespace Podsharp.Orchestration.Images;

/// <summary>Names of places of images, as people write them (containers-transports(5)).</summary>
public static class ImagePlaces
{
    private static readonly string[] s_words = ["docker", "containers-storage", "oci", "oci-archive", "docker-archive", "dir", "docker-daemon", "ostree", "sif", "tarball", "atomic"];

    /// <summary>Whether a text begins with the name of a transport; an image's own name doesn't.</summary>
    public static bool HasTransport(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && Array.IndexOf(s_words, text[..colon]) is >= 0 and var word && (word > 0 || text.AsSpan(colon + 1).StartsWith("//"));
    }

    /// <summary>The same place with a full path, where it is a file or a directory.</summary>
    /// <param name="text">The place, as it was written.</param>
    /// <param name="resolve">Makes a path of the caller's a full one.</param>
    public static string Resolve(string text, Func<string, string> resolve)
    {
        var colon = text.IndexOf(':');
        if (colon < 0 || text[..colon] is not ("oci" or "oci-archive" or "docker-archive" or "dir") || colon + 1 == text.Length)
            return text;
        var (word, rest) = (text[..colon], text[(colon + 1)..]);
        var end = word == "dir" ? -1 : rest.IndexOf(':');
        return end switch
        {
            < 0 => $"{word}:{resolve(rest)}",
            0 => text,
            _ => $"{word}:{resolve(rest[..end])}{rest[end..]}",
        };
    }
}
