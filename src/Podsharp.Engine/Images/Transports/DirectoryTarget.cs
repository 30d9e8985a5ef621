using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>The transport <c>dir</c>: one image or list, each blob a file named by its digest.</summary>
internal sealed class DirectoryTarget : ImageTarget
{
    private const string Mark = "version";

    private readonly DirectorySink _sink;
    private readonly ImagePlace _place;

    private DirectoryTarget(DirectorySink sink, ImagePlace place) => (_sink, _place) = (sink, place);

    /// <summary>Opens a directory. What it tells of an image that was there before holds no more.</summary>
    /// <exception cref="ContainerEngineException">It holds other things (DirectoryNotEmpty), or can't be made.</exception>
    internal static DirectoryTarget Open(ImagePlace place)
    {
        var sink = DirectorySink.Open(place.Path, Mark, "Directory Transport Version: 1.1\n"u8, "image of the transport dir");
        sink.Remove(DirectoryOrigin.ManifestFile(null));
        return new DirectoryTarget(sink, place);
    }

    /// <inheritdoc/>
    internal override string Name => _place.ToString();

    /// <inheritdoc/>
    internal override ImageLayerForm Layers => ImageLayerForm.Unchanged;

    /// <inheritdoc/>
    internal override bool TakesSignatures => true;

    /// <inheritdoc/>
    internal override Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult<ImageCopyStage?>(_sink.Has(DirectoryOrigin.FileOf(ContentDigest.Parse(blob.Digest, "the manifest")), blob.Size) ? ImageCopyStage.BlobExists : null);

    /// <inheritdoc/>
    internal override Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken) =>
        _sink.WriteAsync(make, DirectoryOrigin.FileOf, progress, cancellationToken);

    /// <inheritdoc/>
    internal override Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken) =>
        _sink.WriteAsync(DirectoryOrigin.ManifestFile(isTop ? null : ContentDigest.Of(bytes)), bytes, cancellationToken);

    /// <inheritdoc/>
    internal override async Task PutSignaturesAsync(IReadOnlyList<byte[]> signatures, ContentDigest manifest, bool isTop, CancellationToken cancellationToken)
    {
        for (var i = 0; i < signatures.Count; i++)
        {
            await _sink.WriteAsync(DirectoryOrigin.SignatureFile(isTop ? null : manifest, i + 1), signatures[i], cancellationToken);
        }
    }

    /// <inheritdoc/>
    internal override Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var old in _sink.Names().Where(name => !_sink.Written.Contains(name) && IsOurs(name)).ToList())
        {
            _sink.Remove(old);
        }
        return _sink.FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _sink.DisposeAsync();

    // Of an image that was there before.
    private static bool IsOurs(string name)
    {
        var end = name.IndexOf('.');
        var (start, rest) = end < 0 ? (name, "") : (name[..end], name[end..]);
        var isDigest = start.Length >= 64 && !start.AsSpan(start.IndexOf('-') + 1).ContainsAnyExcept("0123456789abcdef");
        return isDigest ? rest is "" or ".manifest.json" || rest.StartsWith(".signature-", StringComparison.Ordinal)
            : name.StartsWith("signature-", StringComparison.Ordinal) && !name.AsSpan(10).ContainsAnyExcept("0123456789");
    }
}
