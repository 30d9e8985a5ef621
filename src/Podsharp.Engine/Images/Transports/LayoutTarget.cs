using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An OCI layout, in a directory or an archive (image-spec image-layout.md). An image takes its name from another that had it.</summary>
/// <param name="sink">Where the files go.</param>
/// <param name="place">What it is.</param>
internal sealed class LayoutTarget(ImageSink sink, ImagePlace place) : ImageTarget
{
    private const string Mark = "oci-layout";
    private const string Index = "index.json";
    private CopiedManifest? _top;

    private static ReadOnlySpan<byte> MarkContent => """{"imageLayoutVersion":"1.0.0"}"""u8;

    /// <summary>A directory.</summary>
    /// <exception cref="ContainerEngineException">It holds other things (DirectoryNotEmpty), or can't be made.</exception>
    internal static LayoutTarget InDirectory(ImagePlace place) => new(DirectorySink.Open(place.Path, Mark, MarkContent, "OCI layout"), place);

    /// <summary>An archive.</summary>
    /// <exception cref="ContainerEngineException">It can't be written.</exception>
    internal static async Task<LayoutTarget> InArchiveAsync(ImagePlace place, string spoolDirectory, CancellationToken cancellationToken)
    {
        var sink = TarSink.Create(place.Path, spoolDirectory);
        await sink.WriteAsync(Mark, MarkContent.ToArray(), cancellationToken);
        return new LayoutTarget(sink, place);
    }

    /// <inheritdoc/>
    internal override string Name => place.ToString();

    /// <inheritdoc/>
    internal override ImageLayerForm Layers => ImageLayerForm.Compressed;

    /// <inheritdoc/>
    internal override ImageFormat? OnlyFormat => ImageFormat.Oci;

    /// <inheritdoc/>
    internal override Task<ImageCopyStage?> TryReuseAsync(Descriptor blob, ImageOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult<ImageCopyStage?>(sink.Has(OciLayout.BlobName(ContentDigest.Parse(blob.Digest, "the manifest")), blob.Size) ? ImageCopyStage.BlobExists : null);

    /// <inheritdoc/>
    internal override Task<MadeBlob> PutBlobAsync(BlobMaker make, bool isConfig, Action<long> progress, CancellationToken cancellationToken) =>
        sink.WriteAsync(make, OciLayout.BlobName, progress, cancellationToken);

    /// <inheritdoc/>
    internal override async Task PutManifestAsync(byte[] bytes, string type, bool isTop, CancellationToken cancellationToken)
    {
        await sink.WriteAsync(OciLayout.BlobName(ContentDigest.Of(bytes)), bytes, cancellationToken);
        _top = isTop ? new CopiedManifest(bytes, type) : _top;
    }

    /// <inheritdoc/>
    internal override async Task FinishAsync(CancellationToken cancellationToken)
    {
        // Several may be adding an image each.
        await sink.ChangeAsync(Index, WithTop, Mark, cancellationToken);
        await sink.FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => sink.DisposeAsync();

    private byte[] WithTop(byte[]? old)
    {
        var descriptor = new Descriptor
        {
            MediaType = _top!.Type,
            Digest = _top.Digest.ToString(),
            Size = _top.Bytes.Length,
            Annotations = place.Name is { } name ? new() { [OciLayout.NameAnnotation] = name } : null,
        };
        var fresh = ImageManifestJson.WriteIndex([descriptor]);
        if (old is null || Parse(old) is not { } present)
        {
            return fresh;
        }
        var added = JsonNode.Parse(fresh)!["manifests"]![0]!;
        var manifests = present["manifests"]!.AsArray();
        foreach (var same in manifests.Where(entry => IsReplaced(entry, descriptor)).ToList())
        {
            manifests.Remove(same);
        }
        manifests.Add(added.DeepClone());
        return IndexRewrite.Write(present);
    }

    // An entry of the name, or the same image without one.
    private bool IsReplaced(JsonNode? entry, Descriptor descriptor)
    {
        var name = entry?["annotations"]?[OciLayout.NameAnnotation]?.GetValue<string>();
        return name == place.Name && (name is not null || entry?["digest"]?.GetValue<string>() == descriptor.Digest);
    }

    private JsonObject? Parse(byte[] old)
    {
        try
        {
            return JsonNode.Parse(old) is JsonObject root && root["manifests"] is JsonArray ? root : null;
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidManifest", $"the index of {place} is not valid JSON", place.Path, "remove it, or name another directory", error);
        }
    }
}
