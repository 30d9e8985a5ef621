namespace Podsharp.Model;

/// <summary>The recurring errors of artifacts, so that one situation has one id and one wording.</summary>
public static class ArtifactErrors
{
    /// <summary>No artifact has this name or digest.</summary>
    public static ContainerEngineException NotFound(string name) => new(ErrorKind.NotFound, "ArtifactNotFound", $"{name}: artifact does not exist", name);

    /// <summary>An artifact of this name is there.</summary>
    public static ContainerEngineException Exists(string name) => new(ErrorKind.NameInUse, "ArtifactExists", $"{name}: artifact already exists", name,
        "replace it with --replace, or add to it with --append");

    /// <summary>A file of this name is in the artifact.</summary>
    public static ContainerEngineException FileExists(string file) => new(ErrorKind.NameInUse, "ArtifactFileExists", $"{file}: file already exists in artifact", file);

    /// <summary>A title that is no file's name.</summary>
    public static ContainerEngineException InvalidTitle(string title) => new(ErrorKind.DataCorrupt, "ArtifactTitleInvalid",
        $"invalid name: \"{title}\" is not the name of a file", title, "take the file by its digest, to a path that you choose");
}
