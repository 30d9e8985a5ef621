using Podsharp.Model;

namespace Podsharp.Orchestration.Artifacts;

/// <summary>Writes files of artifacts to the caller's file system: which ones, and under which names.</summary>
public static class ArtifactExtraction
{
    /// <summary>Writes an artifact's files.</summary>
    /// <param name="engine">Where the artifact is.</param>
    /// <param name="artifact">Its name or digest.</param>
    /// <param name="path">The full path of a directory, or of the file that a single one becomes.</param>
    /// <param name="title">Only the file of this name; null for all.</param>
    /// <param name="digest">Only the file with this digest; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The full paths of what was written.</returns>
    /// <exception cref="ContainerEngineException">ArtifactNotFound; ArtifactFileNotFound; InvalidArgument; ArtifactTitleInvalid: a name would lead elsewhere.</exception>
    public static async Task<IReadOnlyList<string>> ExtractAsync(IContainerEngine engine, string artifact, string path, string? title, string? digest, CancellationToken cancellationToken)
    {
        if (title is { Length: > 0 } && digest is { Length: > 0 })
            throw EngineErrors.InvalidArgument("cannot specify both digest and title", artifact, "give one of them");
        var detail = await engine.InspectArtifactAsync(artifact, cancellationToken);
        var written = new List<string>();
        foreach (var (file, target) in Plan(detail, path, title, digest, Directory.Exists(path)))
        {
            await WriteAsync(engine, detail.Artifact, file, target, cancellationToken);
            written.Add(target);
        }
        return written;
    }

    /// <summary>Which files go where.</summary>
    /// <exception cref="ContainerEngineException">ArtifactFileNotFound; InvalidArgument; ArtifactTitleInvalid.</exception>
    internal static IReadOnlyList<(ArtifactDescriptor File, string Target)> Plan(ContainerArtifactDetail artifact, string path, string? title, string? digest, bool isDirectory)
    {
        if (artifact.Files.Count == 0)
            throw EngineErrors.InvalidArgument("the artifact has no blobs, nothing to extract", artifact.Name);
        var chosen = title is { Length: > 0 } || digest is { Length: > 0 } ? [Find(artifact, title, digest)] : artifact.Files;
        if (!isDirectory)
        {
            return chosen.Count == 1 ? [(chosen[0], path)] : throw EngineErrors.InvalidArgument(
                $"the artifact consists of several blobs and the target \"{path}\" is not a directory and neither digest or title was specified to only copy a single blob", path,
                "name a directory that is there, or choose a file");
        }
        // As under podman: what was chosen by digest is called by it.
        return [.. chosen.Select(file => (file, Path.Combine(path, NameOf(digest is { Length: > 0 } ? "" : file.Title, file.Digest))))];
    }

    private static ArtifactDescriptor Find(ContainerArtifactDetail artifact, string? title, string? digest)
    {
        var (word, value) = title is { Length: > 0 } ? ("title", title) : ("digest", digest!);
        var found = artifact.Files.Where(file => title is { Length: > 0 } ? file.Title == title : file.Digest == digest).ToList();
        return found.Count == 1 ? found[0]
            : found.Count > 1 ? throw new ContainerEngineException(ErrorKind.Ambiguous, "ArtifactFileAmbiguous", $"more than one match for the {word} \"{value}\"", artifact.Name)
            : throw new ContainerEngineException(ErrorKind.NotFound, "ArtifactFileNotFound", $"no blob with the {word} \"{value}\"", artifact.Name);
    }

    // Artifacts come from strangers: a name never leads out of the directory.
    private static string NameOf(string title, string digest)
    {
        var name = title.Length > 0 ? title : digest.Replace(':', '-');
        return name is "." or ".." || name.AsSpan().ContainsAny('/', '\0') ? throw ArtifactErrors.InvalidTitle(title) : name;
    }

    private static async Task WriteAsync(IContainerEngine engine, ContainerArtifact artifact, ArtifactDescriptor file, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await engine.ReadArtifactFileAsync(artifact.Digest, file.Digest, target, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(error is DirectoryNotFoundException ? ErrorKind.NotFound : ErrorKind.PermissionDenied, "FileNotWritten",
                $"failed to create target file: {path}: {error.Message}", path, "choose another path", error);
        }
    }
}
