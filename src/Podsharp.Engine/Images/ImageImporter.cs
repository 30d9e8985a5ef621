using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Makes an image with one layer of a root file system archive.</summary>
internal sealed class ImageImporter(ContainerStorage storage)
{
    /// <summary>Imports an archive: a tar, plain or compressed with gzip or zstd.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument for name, change or platform; DataCorrupt for the archive.</exception>
    internal async Task<StoredImage> ImportAsync(Stream archive, ImageImportRequest request, CancellationToken cancellationToken)
    {
        var name = request.Reference is { Length: > 0 } text ? ImageService.NewName(text) : null;
        var section = ImageChanges.Parse(request.Changes).ToSection();
        using var staging = storage.BeginLayer();
        var blob = await LayerPipeline.RunAsync("the archive", archive.ReadAsync, null, [staging], _ => { }, cancellationToken);
        if (staging.Result.DiffSize == 0)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "ArchiveCorrupt", "the archive is empty", name,
                "give a tar of a root file system");
        }
        var created = DateTimeOffset.UtcNow;
        var config = Config(request, section, staging.Result.DiffId, created);
        var manifest = Manifest(config, blob);
        cancellationToken.ThrowIfCancellationRequested();
        var layer = new LayerCommit
        {
            CompressedDigest = blob.Digest.ToString(),
            CompressedSize = blob.Size,
            Compression = blob.Compression,
        };
        var id = ContentDigest.Of(config).Hex;
        var digest = ContentDigest.Of(manifest);
        return storage.CommitImage([(staging, layer)], new ImageCommit
        {
            Id = id,
            Names = name is null ? [] : [name],
            TopLayerId = ContainerStorage.ComputeLayerId(null, staging.Result.DiffId),
            Digest = digest.ToString(),
            Created = created,
            BigData =
            [
                new($"manifest-{digest}", manifest),
                new("manifest", manifest),
                new($"sha256:{id}", config),
            ],
        });
    }

    private static byte[] Config(ImageImportRequest request, ImageConfigSection section, string diffId, DateTimeOffset now)
    {
        var platform = PlatformChoice.Complete(request.Platform);
        return ImageJson.Write(new ImageConfigFile
        {
            Created = now,
            Architecture = platform.Architecture,
            Variant = platform.Variant.Length > 0 ? platform.Variant : null,
            Os = platform.Os,
            Config = section,
            Rootfs = new RootFileSystem { DiffIds = [diffId] },
            History =
            [
                new HistoryRecord
                {
                    Created = now,
                    CreatedBy = $"/bin/sh -c #(nop) ADD file:{diffId["sha256:".Length..]} in /",
                    Comment = request.Message.Length > 0 ? request.Message : "imported",
                },
            ],
        });
    }

    private static byte[] Manifest(byte[] config, PipelineResult blob) => ImageManifestJson.Write(ImageFormat.Oci,
        new Descriptor { Digest = ContentDigest.Of(config).ToString(), Size = config.Length },
        [new Descriptor { MediaType = MediaTypes.Layer(ImageFormat.Oci, blob.Compression), Digest = blob.Digest.ToString(), Size = blob.Size }]);
}
