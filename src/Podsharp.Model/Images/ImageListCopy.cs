namespace Podsharp.Model;

/// <summary>What of a list of images (an index) is copied.</summary>
public enum ImageListCopy
{
    /// <summary>The one image of it that is for the platform that is asked for.</summary>
    System,
    /// <summary>The list and all its images.</summary>
    All,
    /// <summary>The list alone: what it names must be at the destination already, or come later.</summary>
    IndexOnly,
}
