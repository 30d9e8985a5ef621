namespace Podsharp.Model;

/// <summary>Where output came from.</summary>
public enum OutputStream
{
    /// <summary>Standard output; everything of a terminal.</summary>
    Output = 1,
    /// <summary>Standard error.</summary>
    Error = 2,
}
