namespace Podsharp.Model;

/// <summary>Kinds of places that whole sets of images are copied from or to.</summary>
public enum ImageSyncPlace
{
    /// <summary>A registry: a repository, or one image of it; as a destination, a registry with a path.</summary>
    Registry,
    /// <summary>A directory with images of the transport <c>dir</c> below it.</summary>
    Directory,
    /// <summary>A description of repositories (skopeo-sync(1), "YAML file content"); a source only.</summary>
    Description,
}
