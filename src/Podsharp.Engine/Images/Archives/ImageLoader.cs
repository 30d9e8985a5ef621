using System.Threading.Channels;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>Takes images out of an archive into the store.</summary>
/// <remarks>A plain tar in a file is looked through first for what it tells, and the layers that are missing are read from their places in it then,
/// several at a time. Any other (a pipe, a compressed file) is read once: layers are staged as they come, since what they belong to may be told at the end only. All is staged
/// before anything is recorded.</remarks>
/// <param name="storage">The store.</param>
/// <param name="policy">Which images are accepted; null for all.</param>
internal sealed class ImageLoader(ContainerStorage storage, SignaturePolicy? policy = null)
{
    /// <summary>How often an archive is read again because somebody removed a layer that was counted on.</summary>
    private const int LostLayerTries = 3;

    /// <summary>Loads all images of an archive.</summary>
    /// <returns>The images with the names that the archive gave them.</returns>
    /// <exception cref="ContainerEngineException">NotAnImageArchive; DataCorrupt; Unsupported; StorageFull.</exception>
    internal async Task<IReadOnlyList<(StoredImage Image, IReadOnlyList<string> Names)>> LoadAsync(Stream archive, ImageLoadRequest request,
        ChannelWriter<ImagePullProgress> output, CancellationToken cancellationToken)
    {
        var file = ArchiveReader.IsPlainFile(archive) ? archive as FileStream : null;
        var start = file?.Position ?? 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var staging = new ArchiveStaging(storage, request, output)
                {
                    // The last try counts on nothing that others could remove.
                    Everything = attempt == LostLayerTries,
                };
                var images = file is not null ? await ReadFileAsync(file, start, staging, cancellationToken) : await ReadOnceAsync(archive, staging, cancellationToken);
                // What an archive holds bears no signatures.
                policy?.CheckUnsigned(PolicyImage.InFiles(staging.Transport == "oci" && !request.IsDirectory ? "oci-archive" : staging.Transport, request.Source));
                return Record(images, staging, cancellationToken);
            }
            catch (ContainerEngineException error) when (file is not null && error.ErrorId == "LayerMissing" && attempt < LostLayerTries)
            {
                output.TryWrite(new ImagePullProgress { Stage = ImagePullStage.Retrying, Message = error.Reason });
            }
        }
    }

    private static async Task<IReadOnlyList<ArchivedImage>> ReadFileAsync(FileStream archive, long start, ArchiveStaging staging, CancellationToken cancellationToken)
    {
        archive.Position = start;
        await using (var reader = await ArchiveReader.OpenAsync(archive, isPlainFile: true, cancellationToken))
        {
            await staging.ReadAsync(reader, documentsOnly: true, cancellationToken);
        }
        var images = staging.ReadIndex();
        await staging.StageAsync(archive.SafeFileHandle, cancellationToken);
        return images;
    }

    private static async Task<IReadOnlyList<ArchivedImage>> ReadOnceAsync(Stream archive, ArchiveStaging staging, CancellationToken cancellationToken)
    {
        await using var reader = await ArchiveReader.OpenAsync(archive, isPlainFile: false, cancellationToken);
        await staging.ReadAsync(reader, documentsOnly: false, cancellationToken);
        reader.Drain();
        return staging.ReadIndex();
    }

    private List<(StoredImage, IReadOnlyList<string>)> Record(IReadOnlyList<ArchivedImage> images, ArchiveStaging staging, CancellationToken cancellationToken)
    {
        var layers = staging.Prepare(images, cancellationToken);
        var recorded = new HashSet<string>(StringComparer.Ordinal);
        var loaded = new List<(StoredImage, IReadOnlyList<string>)>();
        foreach (var image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var added = image.Layers.Where(layer => layers.ContainsKey(layer.Id) && recorded.Add(layer.Id)).Select(layer => layers[layer.Id]).ToList();
            var commit = ImageCommits.Create(ManifestsOf(image, layers), image.ConfigDigest, image.ConfigBytes, image.Config,
                image.Layers.Count == 0 ? null : image.Layers[^1].Id, image.Names);
            loaded.Add((storage.CommitImage(added, commit), image.Names));
        }
        return loaded;
    }

    /// <summary>An archive of Docker's has no manifest: the image gets one that names the plain layers, the same that podman makes, which calls
    /// them compressed.</summary>
    private IReadOnlyList<(ContentDigest, byte[])> ManifestsOf(ArchivedImage image, Dictionary<string, (LayerStaging Staging, LayerCommit Commit)> layers)
    {
        if (image.Manifests.Count > 0)
        {
            return image.Manifests;
        }
        var manifest = ImageManifestJson.Write(ImageFormat.Docker, new Descriptor { Digest = image.ConfigDigest.ToString(), Size = image.ConfigBytes.Length },
            [.. image.Layers.Select(layer => new Descriptor
            {
                MediaType = MediaTypes.Layer(ImageFormat.Docker, LayerCompression.Gzip),
                Digest = layer.DiffId,
                Size = layers.TryGetValue(layer.Id, out var staged) ? staged.Staging.Result.DiffSize : storage.FindLayer(layer.Id)?.DiffSize ?? 0,
            })]);
        return [(ContentDigest.Of(manifest), manifest)];
    }
}
