using Podsharp.Model;

namespace Podsharp.Orchestration.Images;

/// <summary>A bill of materials that goes to a registry with an image: as an artifact about what was pushed.</summary>
public static class SbomAttachment
{
    /// <summary>The request.</summary>
    /// <param name="path">The bill's full path.</param>
    /// <param name="pushed">What was pushed.</param>
    /// <param name="registry">How to talk to its registry.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be read, or is of no known form.</exception>
    public static ArtifactAttachRequest Of(string path, ImagePushResult pushed, RegistryOptions registry) => new()
    {
        Subject = $"{Repository(pushed.Destination)}@{pushed.Digest}",
        Files = [new ArtifactFile(path, Path.GetFileName(path))],
        Type = Check(path),
        FileType = Check(path),
        Registry = registry,
    };

    /// <summary>The media type of a bill of materials; asked before the image is sent.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be read, or is of no known form.</exception>
    public static string Check(string path)
    {
        try
        {
            return SbomOptions.TypeOf(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"the bill of materials {path} can't be read: {error.Message}", path, "correct the path");
        }
    }

    private static string Repository(string name)
    {
        var digest = name.IndexOf('@');
        name = digest < 0 ? name : name[..digest];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
