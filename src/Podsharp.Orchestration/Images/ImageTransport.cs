using System.Diagnostics.CodeAnalysis;

namespace Podsharp.Orchestration.Images;

/// <summary>A place of an image that is no registry: <c>oci-archive:FILE[:NAME]</c>, <c>docker-archive:FILE[:NAME]</c>, <c>oci:DIRECTORY[:NAME]</c> or
/// <c>dir:DIRECTORY</c> (containers-transports(5)).</summary>
/// <param name="Kind">The word before the first colon.</param>
/// <param name="Path">The file or directory, as it was written.</param>
/// <param name="Reference">The image's name there; null for none.</param>
public sealed record ImageTransport(string Kind, string Path, string? Reference)
{
    /// <summary>Reads one; false for a name of a registry's image.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageTransport? transport)
    {
        transport = null;
        var colon = text.IndexOf(':');
        if (colon < 0 || text[..colon] is not ("oci-archive" or "docker-archive" or "oci" or "dir") || text[(colon + 1)..].StartsWith("//", StringComparison.Ordinal))
            return false;
        var (kind, rest) = (text[..colon], text[(colon + 1)..]);
        var end = kind == "dir" ? -1 : rest.IndexOf(':');
        transport = end < 0 ? new(kind, rest, null) : new(kind, rest[..end], rest[(end + 1)..]);
        return transport.Path.Length > 0;
    }
}
