using System.Text;
using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>podman's store of artifacts: an OCI image layout (image-layout.md), with a lock file that all engines take.</summary>
/// <remarks>Blobs wait beside the store until all are there. Then, under the lock, they are moved in and the index is replaced. Which blobs that concerns is noted
/// beforehand: whoever next writes removes those of them that nothing names, so that a killed process leaves nothing.</remarks>
/// <param name="root">The store: <c>artifacts</c> below the image store's root.</param>
/// <param name="waiting">A directory of ours on the same file system.</param>
internal sealed class ArtifactStore(string root, string waiting)
{
    private readonly string _indexPath = root + "/index.json";
    private readonly string _lockPath = root + "/index.lock";
    private readonly string _layoutPath = root + "/oci-layout";
    private readonly string _notePath = waiting + "/note";

    /// <summary>A place for blobs that are to come in.</summary>
    internal ArtifactBlobs Stage()
    {
        Files.MakeDirectories(waiting, 0x1C0 /* 0700 */);
        StagingDirectory.RemoveStale(waiting);
        return new ArtifactBlobs(waiting);
    }

    /// <summary>Where a blob is.</summary>
    internal string BlobPath(ContentDigest digest) => $"{root}/blobs/{digest.Algorithm}/{digest.Hex}";

    /// <summary>All artifacts, in the order of the index.</summary>
    internal IReadOnlyList<StoredArtifact> List()
    {
        if (Files.TryStatus(_indexPath) is null)
        {
            return [];
        }
        using var held = FileLock.Acquire(_lockPath, LockMode.Shared);
        return [.. ReadIndex().Select(Load)];
    }

    /// <summary>Finds an artifact.</summary>
    /// <exception cref="ContainerEngineException">ArtifactNotFound, Ambiguous.</exception>
    internal StoredArtifact Get(string nameOrDigest) => Find(List(), nameOrDigest) ?? throw ArtifactErrors.NotFound(nameOrDigest);

    /// <summary>The manifest's bytes as they are stored, compared with its digest.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal byte[] ReadManifest(StoredArtifact artifact)
    {
        var digest = ContentDigest.Parse(artifact.Entry.Digest, "the index of artifacts");
        return Files.TryReadAll(BlobPath(digest)) is { } bytes && digest.Same(bytes) == digest ? bytes : throw artifact.Damaged();
    }

    /// <summary>Records an artifact: moves its blobs in and names its manifest.</summary>
    /// <param name="name">Its name; an artifact of that name makes room.</param>
    /// <param name="blobs">What has come in.</param>
    /// <param name="make">Makes the manifest of what is there now under that name, which it may refuse.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    internal StoredArtifact Commit(string name, ArtifactBlobs blobs, Func<StoredArtifact?, byte[]> make, CancellationToken cancellationToken)
    {
        Prepare();
        using var held = FileLock.Acquire(_lockPath, LockMode.Exclusive, cancellationToken);
        Files.MakeDirectories(root + "/blobs/sha256", 0x1ED /* 0755 */);
        FinishOthers();
        var index = ReadIndex();
        var place = index.FindIndex(entry => StoredArtifact.NameOf(entry) == name);
        var before = place < 0 ? null : Load(index[place]);
        var bytes = make(before);
        var digest = blobs.Take(bytes);
        var entry = new Descriptor
        {
            MediaType = MediaTypes.OciManifest,
            Digest = digest.ToString(),
            Size = bytes.Length,
            Annotations = new() { [Images.Archives.OciLayout.NameAnnotation] = name },
        };
        Note([.. blobs.Paths.Keys.Select(blob => blob.ToString()), .. before?.Digests ?? []]);
        StepPoints.Reach("artifact.noted");
        foreach (var (blob, path) in blobs.Paths)
        {
            Files.MakeDirectories(Path.GetDirectoryName(BlobPath(blob))!, 0x1ED);
            LinuxError.Check(Files.TryRename(path, BlobPath(blob)), "move into the store of artifacts", path);
        }
        StepPoints.Reach("artifact.placed");
        if (place < 0)
        {
            index.Add(entry);
        }
        else
        {
            index[place] = entry;
        }
        WriteIndex(index);
        StepPoints.Reach("artifact.recorded");
        FinishOthers();
        return Load(entry);
    }

    /// <summary>Removes an artifact, with the blobs that no other one has.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="ContainerEngineException">ArtifactNotFound, Ambiguous.</exception>
    internal StoredArtifact Remove(string nameOrDigest, CancellationToken cancellationToken)
    {
        if (Files.TryStatus(_indexPath) is null)
        {
            throw ArtifactErrors.NotFound(nameOrDigest);
        }
        Files.MakeDirectories(waiting, 0x1C0);
        using var held = FileLock.Acquire(_lockPath, LockMode.Exclusive, cancellationToken);
        FinishOthers();
        var index = ReadIndex();
        var artifact = Find([.. index.Select(Load)], nameOrDigest) ?? throw ArtifactErrors.NotFound(nameOrDigest);
        Note(artifact.Digests);
        StepPoints.Reach("artifact.noted");
        index.Remove(artifact.Entry);
        WriteIndex(index);
        StepPoints.Reach("artifact.recorded");
        FinishOthers();
        return artifact;
    }

    private static StoredArtifact? Find(IReadOnlyList<StoredArtifact> artifacts, string nameOrDigest)
    {
        if (artifacts.FirstOrDefault(artifact => artifact.Name == nameOrDigest) is { } exact)
        {
            return exact;
        }
        var hex = nameOrDigest.StartsWith("sha256:", StringComparison.Ordinal) ? nameOrDigest["sha256:".Length..] : nameOrDigest;
        if (hex.Length > 0 && !hex.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            var found = artifacts.Where(artifact => artifact.Entry.Digest.StartsWith("sha256:" + hex, StringComparison.Ordinal)).ToList();
            return found.DistinctBy(artifact => artifact.Entry.Digest).Count() > 1 ? throw EngineErrors.Ambiguous("artifact", nameOrDigest) : found.FirstOrDefault();
        }
        // The same name in other words: with latest where there is no tag, or by digest.
        if (!ImageReference.TryParse(nameOrDigest, out var wanted, out _))
        {
            return null;
        }
        return artifacts.FirstOrDefault(artifact => ImageReference.TryParse(artifact.Name, out var name, out _) && name.Repository == wanted.Repository
            && (wanted.Digest is { } digest ? artifact.Entry.Digest == digest : name.WithDefaultTag().StoredName == wanted.WithDefaultTag().StoredName));
    }

    private void Prepare()
    {
        Files.MakeDirectories(root, 0x1C0);
        Files.MakeDirectories(waiting, 0x1C0);
        if (Files.TryStatus(_layoutPath) is null)
        {
            Files.Replace(_layoutPath, """{"imageLayoutVersion":"1.0.0"}"""u8, 0x1A4, durable: false);
        }
    }

    private List<Descriptor> ReadIndex()
    {
        if (Files.TryReadAll(_indexPath) is not { } bytes)
        {
            return [];
        }
        try
        {
            return [.. (ImageJson.ReadManifest(bytes).Manifests ?? []).Where(entry => entry is not null)];
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArtifactIndexDamaged", $"the index of artifacts {_indexPath} can't be understood: {error.Message}", _indexPath,
                "move the directory away: podsharp and podman make a new one", error);
        }
    }

    private void WriteIndex(IReadOnlyList<Descriptor> index) => Files.Replace(_indexPath, ImageManifestJson.WriteIndex(index), 0x1A4, durable: true);

    private StoredArtifact Load(Descriptor entry)
    {
        if (!ContentDigest.TryParse(entry.Digest, out var digest) || Files.TryReadAll(BlobPath(digest)) is not { } bytes || digest.Same(bytes) != digest)
        {
            return new StoredArtifact(entry, null);
        }
        try
        {
            return new StoredArtifact(entry, ArtifactJson.Read(bytes, entry.Digest));
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.DataCorrupt)
        {
            return new StoredArtifact(entry, null);
        }
    }

    /// <summary>Writes down which blobs may be nobody's when this is over.</summary>
    private void Note(IEnumerable<string> digests) =>
        Files.Replace(_notePath, Encoding.ASCII.GetBytes(string.Join('\n', [.. ReadNote(), .. digests])), 0x180, durable: false);

    private string[] ReadNote() => Files.TryReadAll(_notePath) is { } note ? Encoding.ASCII.GetString(note).Split('\n') : [];

    /// <summary>Removes the noted blobs that nothing names. With an artifact that can't be read nobody knows which these are: then they stay until it is gone.</summary>
    private void FinishOthers()
    {
        if (ReadNote() is not { Length: > 0 } noted)
        {
            return;
        }
        var artifacts = ReadIndex().Select(Load).ToList();
        if (artifacts.Exists(artifact => artifact.Manifest is null))
        {
            return;
        }
        var needed = artifacts.SelectMany(artifact => artifact.Digests).ToHashSet(StringComparer.Ordinal);
        foreach (var text in noted)
        {
            if (ContentDigest.TryParse(text, out var digest) && !needed.Contains(text))
            {
                Files.TryRemove(BlobPath(digest));
            }
        }
        Files.TryRemove(_notePath);
    }
}
