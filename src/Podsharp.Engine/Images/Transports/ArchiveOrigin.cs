using System.Security.Cryptography;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Registry;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An image in an archive of Docker's. Such an archive has no manifest: the image gets one that names the layers as they are.</summary>
internal sealed class ArchiveOrigin : ImageOrigin
{
    private readonly ImageFiles _files;
    private readonly ArchivedImage _image;
    private readonly string _name;
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly ManifestAnswer _manifest;

    private ArchiveOrigin(ImageFiles files, ArchivedImage image, ImagePlace place)
    {
        (_files, _image, _name) = (files, image, place.ToString());
        _manifest = image.Manifests.Count > 0 ? Stored() : Made();
    }

    /// <inheritdoc/>
    internal override string Name => _name;

    /// <summary>Opens an image.</summary>
    /// <param name="files">The archive, which becomes the origin's own.</param>
    /// <param name="place">Where it is, with the image's name in it or its number (<c>@N</c>); where there is one only, it needs none.</param>
    /// <param name="platform">Which to take where one name stands for several.</param>
    /// <exception cref="ContainerEngineException">It is no such archive, or has no such image.</exception>
    internal static ArchiveOrigin Open(ImageFiles files, ImagePlace place, ImagePlatform platform)
    {
        var index = new ArchiveIndex(platform, place.Name);
        IReadOnlyList<ArchivedImage>? images = null;
        string[] first = ["oci-layout", "index.json", "manifest.json"];
        foreach (var name in first)
        {
            if (files.TryRead(name) is { } document)
            {
                index.Add(name, document);
            }
        }
        while ((images = index.TryRead()) is null && index.Missing is { } missing && missing is not "manifest.json")
        {
            index.Add(missing, files.Read(missing));
        }
        return images switch
        {
            null => throw new ContainerEngineException(ErrorKind.InvalidArgument, "NotAnImageArchive", $"{place.Path} is no archive of Docker's: it has no manifest.json", place.Path),
            [var only] => new ArchiveOrigin(files, only, place),
            _ => throw new ContainerEngineException(ErrorKind.Ambiguous, "ImageNotInArchive", $"{place} has {images.Count} images", place.Path,
                $"name one: {string.Join(", ", images.Select((image, i) => image.Names.FirstOrDefault() ?? $"@{i}"))}"),
        };
    }

    /// <inheritdoc/>
    internal override Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken) => digest is null || digest == _manifest.Digest
        ? Task.FromResult(_manifest) : throw new ContainerEngineException(ErrorKind.NotFound, "RemoteImageNotFound", $"{_name} has no manifest {digest}", _name);

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (blob.Digest != _image.ConfigDigest.ToString())
        {
            return new(_files.OpenFile(_paths[blob.Digest]).ToBlob());
        }
        var config = new MemoryStream(_image.ConfigBytes, writable: false);
        return new(new BlobSource(config.ReadAsync, config));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    private ManifestAnswer Stored()
    {
        foreach (var layer in _image.Layers)
        {
            _paths[layer.Blob!.Digest] = layer.Path;
        }
        var (digest, bytes) = _image.Manifests[^1];
        return new ManifestAnswer(bytes, null, digest);
    }

    private ManifestAnswer Made()
    {
        var layers = _image.Layers.Select(Describe).ToList();
        var bytes = ImageManifestJson.Write(ImageFormat.Docker, new Descriptor { Digest = _image.ConfigDigest.ToString(), Size = _image.ConfigBytes.Length }, layers);
        return new ManifestAnswer(bytes, MediaTypes.DockerManifest, ContentDigest.Of(bytes));
    }

    // Layers of these archives are plain, and so have the digest that the configuration names; a few tools compress them.
    private Descriptor Describe(ArchivedLayer layer)
    {
        using var file = _files.OpenFile(layer.Path);
        var head = new byte[8];
        var compression = Decompression.Detect(head.AsSpan(0, file.Read(head)));
        var digest = compression == LayerCompression.None ? layer.DiffId : Digest(layer.Path).ToString();
        _paths[digest] = layer.Path;
        return new Descriptor { MediaType = MediaTypes.Layer(ImageFormat.Docker, compression == LayerCompression.None ? compression : LayerCompression.Gzip), Digest = digest, Size = file.Size };
    }

    private ContentDigest Digest(string path)
    {
        using var file = _files.OpenFile(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockPipe.BlockSize];
        for (int count; (count = file.Read(block)) > 0;)
        {
            hash.AppendData(block, 0, count);
        }
        return new ContentDigest("sha256", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
