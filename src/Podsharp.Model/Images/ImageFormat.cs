namespace Podsharp.Model;

/// <summary>The two forms in which an image travels: media types of its manifest, configuration and layers.</summary>
public enum ImageFormat
{
    /// <summary>The OCI image specification's.</summary>
    Oci,
    /// <summary>Docker's, schema 2 (<c>v2s2</c>).</summary>
    Docker,
}
