using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Storage;

/// <summary>Writes a layer's tar-split file: everything of the tar but the files' content, and a check sum of that, so that the tar
/// can be rebuilt byte for byte from the unpacked files.</summary>
/// <remarks>gzip of JSON lines: type 2 is a segment of raw tar bytes, type 1 a file (an entry with or without content). Segments may
/// be cut anywhere.</remarks>
internal sealed class TarSplitWriter : ITarOverhead, IDisposable
{
    private const int SegmentLimit = 1 << 20;
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly HandleStream file;
    private readonly GZipStream compressed;
    private readonly ArrayBufferWriter<byte> segment = new(65536);
    private readonly ArrayBufferWriter<byte> lines = new(65536);
    private readonly Utf8JsonWriter json;
    private long position;

    internal TarSplitWriter(string path)
    {
        var handle = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180 /* 0600 */);
        file = new HandleStream(handle, path);
        Files.ChangeMode(handle, 0x180);
        compressed = new GZipStream(new BufferedStream(file, 65536), CompressionLevel.Fastest);
        json = new Utf8JsonWriter(lines, s_options);
    }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        segment.Write(bytes);
        if (segment.WrittenCount >= SegmentLimit)
            WriteSegment();
    }

    /// <summary>Adds an entry after its header.</summary>
    /// <param name="name">The name as in the archive.</param>
    /// <param name="size">Bytes of content kept on disk.</param>
    /// <param name="checksum">CRC-64/ISO of the content.</param>
    internal void AddFile(ReadOnlySpan<byte> name, long size, ulong checksum)
    {
        WriteSegment();
        Begin(1);
        if (Utf8.IsValid(name))
            json.WriteString("name"u8, name);
        else
            json.WriteBase64String("name_raw"u8, name);
        if (size > 0)
        {
            json.WriteNumber("size"u8, size);
            Span<byte> sum = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(sum, checksum);
            json.WriteBase64String("payload"u8, sum);
        }
        else
        {
            json.WriteNull("payload"u8);
        }
        End();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    internal void Finish()
    {
        WriteSegment();
        Flush();
        compressed.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Closing the compressor writes; after a failure that would fail again and hide the first error.
        file.Discard = true;
        json.Dispose();
        compressed.Dispose();
        file.Dispose();
    }

    private void WriteSegment()
    {
        if (segment.WrittenCount == 0)
            return;
        Begin(2);
        json.WriteBase64String("payload"u8, segment.WrittenSpan);
        End();
        segment.ResetWrittenCount();
    }

    private void Begin(int type)
    {
        json.WriteStartObject();
        json.WriteNumber("type"u8, type);
    }

    private void End()
    {
        json.WriteNumber("position"u8, position++);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        lines.Write("\n"u8);
        if (lines.WrittenCount >= 32768)
            Flush();
    }

    private void Flush()
    {
        compressed.Write(lines.WrittenSpan);
        lines.ResetWrittenCount();
    }

    // FileStream would report a full disk as an IOException, without kind or remedy.
    private sealed class HandleStream(SafeFileHandle handle, string path) : OneWayStream
    {
        internal bool Discard { get; set; }

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!Discard)
                Files.Write(handle, buffer, path);
        }

        protected override void Dispose(bool disposing)
        {
            handle.Dispose();
            base.Dispose(disposing);
        }
    }
}
