using Podsharp.Engine.Images.Archives;
using Podsharp.Engine.Native;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>Files in a tar, which takes its name when it is whole. Blobs whose size isn't known wait in files without names.</summary>
internal sealed class TarSink : ImageSink
{
    private readonly string _path;
    private readonly string _part;
    private readonly FileStream _file;
    private readonly ArchiveWriter _tar;
    private readonly string _spoolDirectory;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, long> _written = new(StringComparer.Ordinal);
    private bool _isFinished;

    private TarSink(string path, string part, FileStream file, string spoolDirectory)
    {
        (_path, _part, _file, _spoolDirectory) = (path, part, file, spoolDirectory);
        _tar = new ArchiveWriter(file);
    }

    /// <summary>Begins an archive.</summary>
    /// <exception cref="ContainerEngineException">It can't be written (ArchiveNotWritable).</exception>
    internal static TarSink Create(string path, string spoolDirectory)
    {
        var part = Files.WriteBeside(path, default, 0x1A4 /* 0644 */, out var handle);
        return new TarSink(path, part, new FileStream(handle, FileAccess.Write, bufferSize: 0), spoolDirectory);
    }

    /// <inheritdoc/>
    internal override bool Has(string name, long size)
    {
        lock (_written)
        {
            return _written.TryGetValue(name, out var known) && known == size;
        }
    }

    /// <inheritdoc/>
    internal override async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Note(name, content.Length))
            {
                _tar.Add(name, content.Span);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    internal override async Task<MadeBlob> WriteAsync(BlobMaker make, Func<ContentDigest, string> nameOf, Action<long> progress, CancellationToken cancellationToken)
    {
        using var spool = new SpooledBlob(_spoolDirectory);
        var written = 0L;
        var blob = await make((data, stop) =>
        {
            stop.ThrowIfCancellationRequested();
            spool.Write(data.Span);
            progress(written += data.Length);
            return ValueTask.CompletedTask;
        }, cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var name = nameOf(blob.Digest);
            if (Note(name, blob.Size))
            {
                _tar.Begin(name, blob.Size);
                spool.CopyTo(_tar);
                _tar.End();
            }
        }
        finally
        {
            _turn.Release();
        }
        return blob;
    }

    /// <inheritdoc/>
    internal override async Task FinishAsync(CancellationToken cancellationToken)
    {
        _tar.Finish();
        await _file.DisposeAsync();
        LinuxError.Check(Files.TryRename(_part, _path), "write the archive", _path);
        _isFinished = true;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_isFinished)
        {
            Files.TryRemove(_part);
        }
        _turn.Dispose();
    }

    private bool Note(string name, long size)
    {
        lock (_written)
        {
            return _written.TryAdd(name, size);
        }
    }
}
