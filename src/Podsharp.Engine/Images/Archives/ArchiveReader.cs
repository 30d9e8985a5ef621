using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Archives;

/// <summary>Reads the tar that images lie in, file by file, plain or compressed as a whole, in one pass.</summary>
/// <remarks>Nothing is ever written under a name of the archive, but those that climb out of it are refused: no honest tool makes them.</remarks>
internal sealed class ArchiveReader : IAsyncDisposable
{
    private const int BlocksInFlight = 4;

    private readonly List<IDisposable> _owned = [];
    private readonly CancellationTokenSource _stop;
    private TarReader _tar = null!;
    private StreamTarInput? _file;
    private Stream? _plain;
    private Task _pump = Task.CompletedTask;

    private ArchiveReader(CancellationToken cancellationToken) => _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Opens an archive.</summary>
    /// <param name="archive">The archive, which stays the caller's.</param>
    /// <param name="isPlainFile">Whether it is a plain tar in a file: then what isn't wanted is passed over without reading it. Any other is read
    /// once, from one end to the other.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ContainerEngineException">It is compressed in a way that isn't supported.</exception>
    internal static async Task<ArchiveReader> OpenAsync(Stream archive, bool isPlainFile, CancellationToken cancellationToken)
    {
        var reader = new ArchiveReader(cancellationToken);
        try
        {
            if (isPlainFile)
            {
                reader._tar = new TarReader(reader._file = new StreamTarInput(archive), null);
            }
            else
            {
                reader.Start(archive);
            }
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where in a plain tar in a file the next byte is.</summary>
    internal long Position => _file!.Position;

    /// <summary>Whether a stream is a plain tar in a file; it stays where it is.</summary>
    internal static bool IsPlainFile(Stream archive)
    {
        if (!archive.CanSeek)
        {
            return false;
        }
        var start = archive.Position;
        var head = new byte[8];
        var count = archive.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        archive.Position = start;
        return Decompression.Detect(head.AsSpan(0, count)) == LayerCompression.None;
    }

    /// <summary>The next entry, or null at the end.</summary>
    internal ArchiveMember? Next()
    {
        return _tar.Next() is { } entry ? Describe(entry) : null;
    }

    /// <summary>An entry as it counts here.</summary>
    internal static ArchiveMember Describe(TarEntry entry)
    {
        var name = Encoding.UTF8.GetString(TarPath.Normalise(entry.Name));
        return entry.Type is TarEntryType.Symlink or TarEntryType.HardLink ? new ArchiveMember(name, 0, TargetOf(name, entry))
            : new ArchiveMember(name, entry.Type == TarEntryType.File ? entry.Size : -1, null);
    }

    /// <summary>More content of the entry, valid until the next call; none at its end.</summary>
    internal ReadOnlySpan<byte> Read(int maximum) => _tar.ReadData(maximum);

    /// <summary>Reads what follows the end of the tar, so that whoever writes it to us isn't cut off.</summary>
    internal void Drain()
    {
        if (_plain is null)
        {
            return;
        }
        var rest = new byte[BlockPipe.BlockSize];
        while (_plain.Read(rest) > 0)
        {
        }
    }

    /// <summary>Writes the plain tar to a file, in place of reading it.</summary>
    internal void CopyPlain(Stream target, CancellationToken cancellationToken)
    {
        var block = new byte[BlockPipe.BlockSize];
        for (int count; (count = _plain!.Read(block)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(block, 0, count);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // It ends at once, or with the read that it is in: the archive is the caller's, who may close it when we are gone.
        await _pump;
        _owned.ForEach(item => item.Dispose());
        _stop.Dispose();
    }

    private void Start(Stream archive)
    {
        var pipe = new BlockPipe(BlocksInFlight, _stop.Token);
        var source = new BlockPipeStream(pipe);
        _owned.AddRange([source, pipe]);
        var received = new Received();
        _pump = Task.Run(() => PumpAsync(archive, pipe, received, _stop.Token), CancellationToken.None);
        _plain = new GuardedStream(Decompression.Open(source, Decompression.Detect(source.Peek()), "the archive"), received);
        _owned.Insert(0, _plain);
        _tar = new TarReader(new StreamTarInput(_plain), null);
    }

    // A symbolic link's target is relative to its directory, a hard link's to the root.
    private static string TargetOf(string name, TarEntry entry)
    {
        if (entry.Type == TarEntryType.HardLink)
        {
            return Encoding.UTF8.GetString(TarPath.Normalise(entry.LinkName));
        }
        if (entry.LinkName is [(byte)'/', ..])
        {
            throw TarError.Escape(entry.Name);
        }
        var directory = name[..(name.LastIndexOf('/') + 1)];
        return Encoding.UTF8.GetString(TarPath.Normalise([.. Encoding.UTF8.GetBytes(directory), .. entry.LinkName]));
    }

    private static async Task PumpAsync(Stream archive, BlockPipe pipe, Received received, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var block = BlockPipe.Rent();
                var count = await archive.ReadAtLeastAsync(block.AsMemory(0, BlockPipe.BlockSize), BlockPipe.BlockSize, throwOnEndOfStream: false, cancellationToken);
                Interlocked.Add(ref received.Bytes, count);
                if (count == 0)
                {
                    BlockPipe.Return(block);
                    break;
                }
                await pipe.WriteAsync(block, count);
            }
            pipe.Complete();
        }
        catch (Exception error)
        {
            pipe.Complete(error);
        }
    }

    private sealed class Received
    {
        internal long Bytes;
    }

    private sealed class GuardedStream(Stream plain, Received received) : OneWayStream
    {
        private long _total;

        public override bool CanRead => true;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                var count = plain.Read(buffer);
                _total += count;
                LayerPipeline.CheckRatio("the archive", _total, Interlocked.Read(ref received.Bytes));
                return count;
            }
            catch (InvalidDataException error)
            {
                throw TarError.Damaged($"it can't be decompressed ({error.Message})");
            }
        }

        protected override void Dispose(bool disposing)
        {
            plain.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>An entry of an archive of images.</summary>
/// <param name="Name">Its path, from the archive's root.</param>
/// <param name="Size">A file's bytes; negative for what is neither file nor link.</param>
/// <param name="Target">A link's target, from the archive's root.</param>
internal sealed record ArchiveMember(string Name, long Size, string? Target);
