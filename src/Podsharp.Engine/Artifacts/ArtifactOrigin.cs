using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>An artifact of the store, to be read.</summary>
internal sealed class ArtifactOrigin(ArtifactStore store, StoredArtifact artifact) : ImageOrigin
{
    /// <inheritdoc/>
    internal override string Name => artifact.Name.Length > 0 ? artifact.Name : artifact.Entry.Digest;

    /// <inheritdoc/>
    internal override Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken)
    {
        var bytes = store.ReadManifest(artifact);
        return Task.FromResult(new ManifestAnswer(bytes, artifact.Entry.MediaType, ContentDigest.Of(bytes)));
    }

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var path = store.BlobPath(ContentDigest.Parse(blob.Digest, $"the manifest of {Name}"));
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length == blob.Size)
            {
                return new(new BlobSource(file.ReadAsync, file));
            }
            file.Dispose();
        }
        catch (FileNotFoundException)
        {
            // Somebody has removed the artifact meanwhile, or the store is damaged.
        }
        throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArtifactDamaged", $"the artifact {Name} is incomplete: {blob.Digest} is missing or has another size", Name,
            "remove it and pull it again");
    }
}
