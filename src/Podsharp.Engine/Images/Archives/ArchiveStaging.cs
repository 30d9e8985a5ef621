using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Images.Transports;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>What has been read of an archive: its documents in memory, its layers unpacked beside the store.</summary>
internal sealed class ArchiveStaging(ContainerStorage storage, ImageLoadRequest request, ChannelWriter<ImagePullProgress> output) : IDisposable
{
    private const long ProgressInterval = 100;

    private readonly ArchiveIndex _index = new(PlatformChoice.Complete(request.Platform), request.Reference);
    private readonly Dictionary<string, StagedFile> _staged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, ArchiveMember Member)> _places = new(StringComparer.Ordinal);
    private readonly List<LayerStaging> _owned = [];
    private IReadOnlyList<ArchivedImage>? _images;
    private bool _isCurrent;

    /// <summary>Whether layers are unpacked that are there already, too: until the image is recorded, others may remove them.</summary>
    internal bool Everything { get; init; }

    /// <summary>The transport whose form the archive has.</summary>
    internal string Transport => _index.Transport;

    /// <summary>The images that the documents tell of.</summary>
    /// <exception cref="ContainerEngineException">It is no archive of images (NotAnImageArchive), or a document is missing.</exception>
    internal IReadOnlyList<ArchivedImage> ReadIndex()
    {
        _images = _index.TryRead();
        _isCurrent = true;
        return _images is { Count: > 0 } images ? images
            : throw (_index.Missing is "manifest.json" or null
                ? new ContainerEngineException(ErrorKind.InvalidArgument, "NotAnImageArchive", "the archive holds no image: it has neither manifest.json nor index.json that tells of one", null,
                    "give one that save wrote; a root file system is made an image by import")
                : TarError.Damaged($"its file {_index.Missing} is missing"));
    }

    /// <summary>Reads an archive to its end: documents into memory, layers into the store's staging.</summary>
    /// <param name="reader">The archive.</param>
    /// <param name="documentsOnly">Whether layers are passed over, and their places remembered.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task ReadAsync(ArchiveReader reader, bool documentsOnly, CancellationToken cancellationToken)
    {
        while (reader.Next() is { } member)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (member.Target is { } target)
            {
                _index.AddLink(member.Name, target);
            }
            else if (member.Size > 0 && !_staged.ContainsKey(member.Name))
            {
                await ReadFileAsync(reader, member, documentsOnly, cancellationToken);
            }
        }
    }

    /// <summary>Reads the layers that the images need from their places in a plain tar, several at a time.</summary>
    /// <param name="archive">The tar, whose documents were read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">DataCorrupt; what the store raises.</exception>
    internal async Task StageAsync(SafeFileHandle archive, CancellationToken cancellationToken)
    {
        var wanted = WantedLayers()!.Keys.Where(_places.ContainsKey).Select(path => (Place: _places[path], Staging: Begin())).ToList();
        var staged = new StagedFile[wanted.Count];
        await Parallel.ForAsync(0, wanted.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (i, stop) =>
        {
            var ((offset, member), staging) = wanted[i];
            using var part = new FilePart(archive, offset, member.Size, isOwner: false);
            staged[i] = await StageAsync(member, staging, part.ToBlob().Read, mayFail: false, stop);
        });
        for (var i = 0; i < staged.Length; i++)
        {
            _staged[wanted[i].Place.Member.Name] = staged[i];
        }
    }

    /// <summary>Readies the layers to be recorded, by their ids: those that the store lacks, each with files of its own.</summary>
    /// <exception cref="ContainerEngineException">One is missing or damaged, or has another content than the configuration or the manifest promises.</exception>
    internal Dictionary<string, (LayerStaging Staging, LayerCommit Commit)> Prepare(IReadOnlyList<ArchivedImage> images, CancellationToken cancellationToken)
    {
        var ready = new Dictionary<string, (LayerStaging, LayerCommit)>(StringComparer.Ordinal);
        var used = new HashSet<LayerStaging>();
        foreach (var (image, layer) in MissingLayers(images))
        {
            if (ready.ContainsKey(layer.Id))
            {
                continue;
            }
            var (staging, blob) = Find(image, layer);
            // The same content at another place in a stack of layers is a layer of its own.
            staging = used.Add(staging) ? staging : Copy(staging, cancellationToken);
            ready.Add(layer.Id, (staging, new LayerCommit
            {
                ParentId = layer.ParentId,
                ExpectedDiffId = layer.DiffId,
                CompressedDigest = blob.Digest.ToString(),
                CompressedSize = blob.Size,
                Compression = blob.Compression,
            }));
        }
        return ready;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(staging => staging.Dispose());

    private async Task ReadFileAsync(ArchiveReader reader, ArchiveMember member, bool documentsOnly, CancellationToken cancellationToken)
    {
        var place = documentsOnly ? reader.Position : 0;
        var head = reader.Read(BlockPipe.BlockSize).ToArray();
        if (member.Size <= ArchiveIndex.LargestDocument && IsDocument(member.Name, head))
        {
            _index.Add(member.Name, ReadAll(reader, member, head));
            _isCurrent = false;
            return;
        }
        if (!LooksLikeLayer(head))
        {
            return;
        }
        if (documentsOnly)
        {
            _places.TryAdd(member.Name, (place, member));
            return;
        }
        var wanted = WantedLayers();
        if (wanted is null || wanted.ContainsKey(member.Name))
        {
            _staged[member.Name] = await StageAsync(member, Begin(), new MemberContent(reader, head).ReadAsync, mayFail: wanted is null, cancellationToken);
        }
    }

    private LayerStaging Begin()
    {
        var staging = storage.BeginLayer();
        _owned.Add(staging);
        return staging;
    }

    private async Task<StagedFile> StageAsync(ArchiveMember member, LayerStaging staging, BlobReader read, bool mayFail, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await LayerPipeline.RunAsync($"the archive's layer {member.Name}", read, DigestOf(member.Name), [staging], Reporting(member), cancellationToken);
            output.TryWrite(Step(member, ImagePullStage.LayerDone, member.Size));
            return new StagedFile(staging, blob, null);
        }
        catch (ContainerEngineException error) when (mayFail && error.Kind == ErrorKind.DataCorrupt)
        {
            // It may be no layer at all; told if an image turns out to want it.
            return new StagedFile(null, null, error);
        }
    }

    /// <summary>The layers that the images need and the store lacks, by their files; null as long as the documents don't tell.</summary>
    private Dictionary<string, ArchivedLayer>? WantedLayers()
    {
        if (!_isCurrent)
        {
            _images = _index.TryRead();
            _isCurrent = true;
        }
        return _images is null ? null : MissingLayers(_images).DistinctBy(item => item.Layer.Path).ToDictionary(item => item.Layer.Path, item => item.Layer, StringComparer.Ordinal);
    }

    private List<(ArchivedImage Image, ArchivedLayer Layer)> MissingLayers(IReadOnlyList<ArchivedImage> images)
    {
        // One whose size the store doesn't know can't be named in a manifest.
        var known = Everything ? [] : storage.ListLayers().Where(layer => !layer.IsCondemned && layer.DiffSize is >= 0).Select(layer => layer.Id).ToHashSet(StringComparer.Ordinal);
        return [.. images.SelectMany(image => image.Layers.SkipWhile(layer => known.Contains(layer.Id)).Select(layer => (image, layer)))];
    }

    private (LayerStaging Staging, PipelineResult Blob) Find(ArchivedImage image, ArchivedLayer layer)
    {
        if (!_staged.TryGetValue(layer.Path, out var file))
        {
            throw TarError.Damaged($"the layer {layer.Path} of {image.Where} is missing");
        }
        if (file is not { Staging: { } staging, Blob: { } blob })
        {
            throw file.Failure!;
        }
        if (layer.Blob is { } promised && (promised.Digest != blob.Digest.ToString() || promised.Size != blob.Size))
        {
            throw Mismatch("DigestMismatch", image, layer, $"is {blob.Digest} of {blob.Size} bytes, but the manifest promises {promised.Digest} of {promised.Size}");
        }
        return staging.Result.DiffId == layer.DiffId ? (staging, blob)
            : throw Mismatch("LayerDigestMismatch", image, layer, $"has the content {staging.Result.DiffId}, but the configuration promises {layer.DiffId}");
    }

    private static ContainerEngineException Mismatch(string id, ArchivedImage image, ArchivedLayer layer, string what) => new(ErrorKind.DataCorrupt, id,
        $"the layer {layer.Path} of {image.Where} {what}", layer.Path, "the archive is damaged or was tampered with: get it again from its source");

    private LayerStaging Copy(LayerStaging staging, CancellationToken cancellationToken)
    {
        var copy = Begin();
        using var tar = staging.OpenTar();
        copy.Unpack(tar, cancellationToken);
        return copy;
    }

    private Action<long> Reporting(ArchiveMember member)
    {
        var last = long.MinValue;
        return bytes =>
        {
            var now = Environment.TickCount64;
            if (last == long.MinValue || now - last >= ProgressInterval)
            {
                last = now;
                output.TryWrite(Step(member, ImagePullStage.Downloading, bytes));
            }
        };
    }

    private static ImagePullProgress Step(ArchiveMember member, ImagePullStage stage, long bytes) => new()
    {
        Stage = stage,
        BlobDigest = member.Name[(member.Name.LastIndexOf('/') + 1)..],
        Current = bytes,
        Total = member.Size,
    };

    private static byte[] ReadAll(ArchiveReader reader, ArchiveMember member, byte[] head)
    {
        var content = new byte[member.Size];
        head.CopyTo(content, 0);
        for (var count = head.Length; count < content.Length;)
        {
            var part = reader.Read(content.Length - count);
            part.CopyTo(content.AsSpan(count));
            count += part.Length;
        }
        return content;
    }

    private static bool IsDocument(string name, ReadOnlySpan<byte> head) => name == "oci-layout" || head.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    // A tar's first header sums up to what it says; an empty one is zeros. Compressed ones show it.
    private static bool LooksLikeLayer(ReadOnlySpan<byte> head) => Decompression.Detect(head) != LayerCompression.None
        || (head.Length >= 512 && (head.Slice(257, 5).SequenceEqual("ustar"u8) || head[0] == 0 || head.Slice(148, 6).IndexOfAnyExcept(" 01234567"u8) < 0));

    // blobs/sha512/HEX: the algorithm that is to be used; sha256 is anyway, and what is promised is compared when all is known.
    private static ContentDigest? DigestOf(string name) =>
        name.Split('/') is ["blobs", not "sha256" and var algorithm, var hex] && ContentDigest.TryParse($"{algorithm}:{hex}", out var digest) ? digest : null;

    /// <summary>A file of the archive that was staged as a layer, or why it couldn't be.</summary>
    private sealed record StagedFile(LayerStaging? Staging, PipelineResult? Blob, ContainerEngineException? Failure);

    /// <summary>An entry's content, of which the beginning was looked at already.</summary>
    private sealed class MemberContent(ArchiveReader reader, byte[] head)
    {
        private int _offset;

        internal ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = _offset < head.Length ? head.AsSpan(_offset, Math.Min(buffer.Length, head.Length - _offset)) : reader.Read(buffer.Length);
            _offset += _offset < head.Length ? part.Length : 0;
            part.CopyTo(buffer.Span);
            return ValueTask.FromResult(part.Length);
        }
    }
}
