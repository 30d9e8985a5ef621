using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>What the transport <c>dir</c> writes: one image or list, each blob a file named by its digest.</summary>
/// <param name="files">The files, which become the origin's own.</param>
/// <param name="place">Where it is.</param>
internal sealed class DirectoryOrigin(ImageFiles files, ImagePlace place) : ImageOrigin
{
    /// <inheritdoc/>
    internal override string Name => place.ToString();

    /// <summary>The file of a manifest; null for the one that the directory stands for.</summary>
    internal static string ManifestFile(ContentDigest? digest) => digest is { } listed ? $"{FileOf(listed)}.manifest.json" : "manifest.json";

    /// <summary>The file of a blob.</summary>
    internal static string FileOf(ContentDigest digest) => digest.Algorithm == "sha256" ? digest.Hex : $"{digest.Algorithm}-{digest.Hex}";

    /// <summary>The file of a signature, counted from 1.</summary>
    internal static string SignatureFile(ContentDigest? digest, int number) => digest is { } listed ? $"{FileOf(listed)}.signature-{number}" : $"signature-{number}";

    /// <inheritdoc/>
    internal override Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken)
    {
        if (digest is null && files.TryRead(ManifestFile(null)) is not { })
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "NotAnImageArchive", $"{place.Path} holds no image: it has no manifest.json", place.Path);
        }
        var bytes = files.Read(ManifestFile(digest));
        var actual = digest?.Same(bytes) ?? ContentDigest.Of(bytes);
        return digest is null || digest == actual ? Task.FromResult(new ManifestAnswer(bytes, null, actual))
            : throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"the manifest {digest} of {Name} has the digest {actual}", Name, "this copy is damaged");
    }

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new(files.OpenFile(FileOf(ContentDigest.Parse(blob.Digest, $"the manifest of {Name}"))).ToBlob());

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<byte[]>> ReadSignaturesAsync(ContentDigest? digest, CancellationToken cancellationToken)
    {
        var signatures = new List<byte[]>();
        while (files.TryRead(SignatureFile(digest, signatures.Count + 1)) is { } signature)
        {
            signatures.Add(signature);
        }
        return Task.FromResult<IReadOnlyList<byte[]>>(signatures);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }
}
