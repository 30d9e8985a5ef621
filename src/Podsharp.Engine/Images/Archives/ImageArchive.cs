using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>One of the forms in which images are saved. Images are added one after the other; equal blobs are written once.</summary>
internal abstract class ImageArchive(Stream target)
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The tar that is written.</summary>
    protected ArchiveWriter Tar { get; } = new(target);

    /// <summary>Told how far it is.</summary>
    internal required Action<ImageSaveProgress> Progress { get; init; }

    /// <summary>Adds an image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="names">Full names that it has in the archive.</param>
    /// <param name="reference">What it was asked for as.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal abstract Task AddAsync(ImageSource source, IReadOnlyList<string> names, string reference, CancellationToken cancellationToken);

    /// <summary>Writes what comes last.</summary>
    internal abstract void Finish();

    /// <summary>Writes a small blob, unless it is there already.</summary>
    protected void AddOnce(string name, ReadOnlySpan<byte> content)
    {
        if (_written.Add(name))
        {
            Tar.Add(name, content);
        }
    }

    /// <summary>Writes the configuration.</summary>
    protected void AddConfig(string name, ImageSource source, string reference)
    {
        AddOnce(name, source.ConfigBytes);
        Progress(new() { Reference = reference, BlobDigest = source.ConfigDigest.ToString(), IsConfig = true, Current = source.ConfigBytes.Length, Total = source.ConfigBytes.Length });
    }

    /// <summary>Writes a layer's plain tar, unless it is there already: straight through, since digest and size are known.</summary>
    /// <returns>Its bytes.</returns>
    protected async Task<long> AddPlainAsync(string name, ImageSource source, SourceLayer layer, string reference, CancellationToken cancellationToken)
    {
        var size = layer.DiffSize ?? Measure(source, layer);
        if (!_written.Add(name))
        {
            return size;
        }
        Tar.Begin(name, size);
        await LayerPacker.RunAsync(source, layer, LayerCompression.None, null, Reporting(layer, reference, Tar.Write), cancellationToken);
        Tar.End();
        return size;
    }

    /// <summary>Compresses a layer and writes it, unless it is there already, under a name that follows from its digest.</summary>
    protected async Task<PackedLayer> AddCompressedAsync(Func<ContentDigest, string> nameOf, ImageSource source, SourceLayer layer, string spoolDirectory,
        string reference, CancellationToken cancellationToken)
    {
        using var spool = new SpooledBlob(spoolDirectory);
        var packed = await LayerPacker.RunAsync(source, layer, LayerCompression.Gzip, null, Reporting(layer, reference, spool.Write), cancellationToken);
        var name = nameOf(packed.Digest);
        if (_written.Add(name))
        {
            Tar.Begin(name, packed.Size);
            spool.CopyTo(Tar);
            Tar.End();
        }
        return packed;
    }

    private delegate void Sink(ReadOnlySpan<byte> data);

    private BlobWriter Reporting(SourceLayer layer, string reference, Sink sink)
    {
        var current = 0L;
        void Report() => Progress(new() { Reference = reference, BlobDigest = layer.DiffId.ToString(), Current = current, Total = layer.DiffSize ?? 0 });
        Report();
        return (data, _) =>
        {
            sink(data.Span);
            current += data.Length;
            Report();
            return ValueTask.CompletedTask;
        };
    }

    private static long Measure(ImageSource source, SourceLayer layer)
    {
        using var tar = source.OpenTar(layer);
        return TarSplitStream.Digest(tar).Size;
    }
}
