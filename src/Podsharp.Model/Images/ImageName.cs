namespace Podsharp.Model;

/// <summary>Takes a full image name apart. It trusts that the name is in normal form; the engine's references validate.</summary>
public static class ImageName
{
    /// <summary>Splits <c>host/path:tag@digest</c>.</summary>
    public static (string Repository, string? Tag, string? Digest) Split(string name)
    {
        string? digest = null;
        var at = name.IndexOf('@');
        if (at >= 0)
        {
            digest = name[(at + 1)..];
            name = name[..at];
        }
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..], digest) : (name, null, digest);
    }
}
