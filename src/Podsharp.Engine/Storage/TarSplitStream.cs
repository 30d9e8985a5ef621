using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>A layer's tar, rebuilt while it is read: raw bytes from the tar-split file, contents from the unpacked files.</summary>
/// <remarks>The files are opened inside the layer's root whatever links lead elsewhere, and each one's length and check sum is compared
/// with what was stored.</remarks>
internal sealed class TarSplitStream : OneWayStream
{
    private readonly string tarSplitPath;
    private readonly StreamReader lines;
    private readonly SafeFileHandle root;
    private ReadOnlyMemory<byte> segment;
    private SafeFileHandle? content;
    private string contentName = "";
    private long contentLeft;
    private ulong state;
    private ulong expected;
    private bool ended;

    private TarSplitStream(string tarSplitPath, StreamReader lines, SafeFileHandle root)
    {
        this.tarSplitPath = tarSplitPath;
        this.lines = lines;
        this.root = root;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>Opens a layer's tar.</summary>
    /// <param name="tarSplitPath">The layer's tar-split.gz.</param>
    /// <param name="rootPath">The layer's "diff".</param>
    internal static TarSplitStream Open(string tarSplitPath, string rootPath)
    {
        var errno = Files.TryOpenAt(Files.Absolute, tarSplitPath, OpenFlags.ReadOnly, 0, out var handle);
        if (errno == Errno.NoEntry)
            throw Corrupt(tarSplitPath, "is missing");
        LinuxError.Check(errno, "open", tarSplitPath);
        var file = new FileStream(handle!, FileAccess.Read, 65536);
        var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8, false, 65536);
        try
        {
            return new TarSplitStream(tarSplitPath, lines, Files.Open(rootPath, OpenFlags.Directory));
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>The digest ("sha256:...") and length of a stream.</summary>
    internal static (string Digest, long Size) Digest(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        long size = 0;
        while (stream.Read(buffer) is > 0 and var count)
        {
            hash.AppendData(buffer, 0, count);
            size += count;
        }
        return ("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (!segment.IsEmpty)
            {
                var part = Math.Min(buffer.Length, segment.Length);
                segment.Span[..part].CopyTo(buffer);
                segment = segment[part..];
                return part;
            }
            if (content is not null)
                return ReadContent(buffer);
            if (ended || !NextEntry())
                return 0;
        }
        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content?.Dispose();
            root.Dispose();
            lines.Dispose();
        }
        base.Dispose(disposing);
    }

    private int ReadContent(Span<byte> buffer)
    {
        var count = Files.Read(content!, buffer[..(int)Math.Min(buffer.Length, contentLeft)], contentName);
        if (count == 0)
            throw Corrupt(contentName, "is shorter than it was");
        state = Crc64.Append(state, buffer[..count]);
        contentLeft -= count;
        if (contentLeft == 0)
        {
            content!.Dispose();
            content = null;
            if (Crc64.Finish(state) != expected)
                throw Corrupt(contentName, "has been changed");
        }
        return count;
    }

    private bool NextEntry()
    {
        try
        {
            if (lines.ReadLine() is not { } line)
            {
                ended = true;
                return false;
            }
            using var document = JsonDocument.Parse(line);
            var entry = document.RootElement;
            if (entry.GetProperty("type").GetInt32() == 2)
                segment = entry.GetProperty("payload").GetBytesFromBase64();
            else if (entry.TryGetProperty("size", out var size) && size.GetInt64() > 0)
                OpenContent(entry, size.GetInt64());
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Corrupt(tarSplitPath, "is damaged");
        }
    }

    private void OpenContent(JsonElement entry, long size)
    {
        var name = entry.TryGetProperty("name", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!)
            : entry.GetProperty("name_raw").GetBytesFromBase64();
        contentName = Encoding.UTF8.GetString(name);
        expected = BinaryPrimitives.ReadUInt64BigEndian(entry.GetProperty("payload").GetBytesFromBase64());
        var path = TarPath.Normalise(name);
        var errno = Files.TryOpenConfined(root, path, OpenFlags.NoFollow | OpenFlags.NonBlocking, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, 0,
            out content);
        if (errno != Errno.None)
            throw Corrupt(contentName, $"can't be opened ({LinuxError.Describe(errno)})");
        contentLeft = size;
        state = Crc64.Start;
    }

    private static ContainerEngineException Corrupt(string name, string what) => new(ErrorKind.DataCorrupt, "LayerCorrupt",
        $"the layer can't be rebuilt: {name} {what}", name, "remove and pull the images that use it again");
}
