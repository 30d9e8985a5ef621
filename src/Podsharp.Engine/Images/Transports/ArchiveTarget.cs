using System.Collections.Concurrent;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An archive of Docker's with one image.</summary>
/// <param name="sink">Where the files go.</param>
/// <param name="place">What it is.</param>
/// <param name="names">The image's full names in it.</param>
internal sealed class ArchiveTarget(ImageSink sink, ImagePlace place, IReadOnlyList<string> names) : ImageTarget
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);
    private ImageManifest? _manifest;

    /// <summary>Begins an archive.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is one, or a name is none; it can't be written.</exception>
    internal static ArchiveTarget Create(ImagePlace place, IReadOnlyList<string> additionalNames, string spoolDirectory)
    {
        IReadOnlyList<string> names = [.. additionalNames.Prepend(place.Name).OfType<string>().Select(NameOf)];
        return Files.TryStatus(place.Path) is { IsRegular: true, Size: > 0 }
            ? throw EngineErrors.InvalidArgument($"docker-archive doesn't support modifying existing images: {place.Path} exists", place.Path, "remove it, or name another file")
            : new ArchiveTarget(TarSink.Create(place.Path, spoolDirectory), place, names);
    }

    /// <inheritdoc/>
    internal override string Name => place.ToString();

    /// <inheritdoc/>
    internal override ImageLayerForm Layers => ImageLayerForm.Plain;

    /// <inheritdoc/>
    internal override bool TakesLists => false;

    /// <inheritdoc/>
    internal override ImageFormat? OnlyFormat => ImageFormat.Docker;

    /// <inheritdoc/>
    internal override Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult<ImageCopyStage?>(_files.ContainsKey(blob.Digest) ? ImageCopyStage.BlobExists : null);

    /// <inheritdoc/>
    internal override async Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken)
    {
        string NameOf(ContentDigest digest) => digest.Hex + (isConfig ? ".json" : ".tar");
        var blob = await sink.WriteAsync(make, NameOf, progress, cancellationToken);
        _files[blob.Digest.ToString()] = NameOf(blob.Digest);
        return blob;
    }

    /// <inheritdoc/>
    internal override Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken)
    {
        _manifest = ImageManifest.Parse(bytes, type, Name);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    internal override async Task FinishAsync(CancellationToken cancellationToken)
    {
        var document = DockerArchive.Describe(_files[_manifest!.Config!.Digest], names, [.. (_manifest.Layers ?? []).Select(layer => _files[layer.Digest])]);
        await sink.WriteAsync("manifest.json", document, cancellationToken);
        await sink.FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => sink.DisposeAsync();

    private static string NameOf(string text)
    {
        var reference = ImageReference.Parse(text).WithDefaultTag();
        return reference.Digest is null ? reference.StoredName : throw ImageReference.Invalid(text, "a name to give can't have a digest");
    }
}
