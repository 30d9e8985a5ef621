using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>Reads a tar (v7, ustar, pax, GNU) entry by entry, on bytes, and tells every byte that isn't file data to a second party,
/// so that the archive can be rebuilt exactly.</summary>
/// <remarks>Global extended headers are passed over: the other writers of the shared store take no values from them, and the same
/// layer must have the same files whoever unpacked it.</remarks>
internal sealed class TarReader(ITarInput input, ITarOverhead? overhead)
{
    private const int BlockSize = 512;
    private const int MaximumExtension = 1 << 20;

    private readonly byte[] block = new byte[BlockSize];
    private long remaining;
    private int padding;
    private bool ended;

    /// <summary>Whether the archive's end was seen, once <see cref="Next"/> has given null: one that was cut between two entries lacks it.</summary>
    internal bool HasEndMark => ended;

    /// <summary>The next entry, or null at the end. Data of the last one that wasn't read is passed over.</summary>
    internal TarEntry? Next()
    {
        if (remaining > 0 && !input.TrySkip(remaining))
            throw TarError.Damaged("it ends in the middle of a file");
        remaining = 0;
        SkipPadding();
        PaxRecords? pax = null;
        byte[]? longName = null, longLink = null;
        while (ReadHeader())
        {
            var size = TarNumber.Parse(block.AsSpan(124, 12));
            switch (block[156])
            {
                case (byte)'x' or (byte)'X':
                    pax = PaxRecords.Parse(ReadExtension(size));
                    break;
                case (byte)'g':
                    PaxRecords.Parse(ReadExtension(size));
                    break;
                case (byte)'L':
                    longName = UpToZero(ReadExtension(size)).ToArray();
                    break;
                case (byte)'K':
                    longLink = UpToZero(ReadExtension(size)).ToArray();
                    break;
                default:
                    return Begin(MakeEntry(size, pax, longName, longLink));
            }
        }
        return pax is null && longName is null && longLink is null ? null : throw TarError.Damaged("it ends after an extended header");
    }

    /// <summary>More data of the current entry, valid until the next call; none at its end.</summary>
    internal ReadOnlySpan<byte> ReadData(int maximum)
    {
        if (remaining == 0)
            return default; // the padding stays for later: it belongs behind the file in the list of what isn't data
        var data = input.Take((int)Math.Min(maximum, remaining));
        if (data.IsEmpty)
            throw TarError.Damaged("it ends in the middle of a file");
        remaining -= data.Length;
        return data;
    }

    /// <summary>Reads what follows the end of the archive: it counts for its digest.</summary>
    internal void Finish()
    {
        while (input.Take(1 << 20) is { IsEmpty: false } rest)
            overhead?.Append(rest);
    }

    private TarEntry Begin(TarEntry entry)
    {
        remaining = entry.Size;
        padding = PaddingOf(entry.Size);
        return entry;
    }

    private bool ReadHeader()
    {
        if (ended || !ReadBlock(mayEnd: true))
            return false;
        if (!IsZero(block))
        {
            CheckSum();
            return true;
        }
        // Two zero blocks are the end; one and nothing more is tolerated by everybody.
        ended = true;
        if (ReadBlock(mayEnd: true) && !IsZero(block))
            throw TarError.Damaged("a header is empty");
        return false;
    }

    private bool ReadBlock(bool mayEnd)
    {
        for (var filled = 0; filled < BlockSize;)
        {
            var part = input.Take(BlockSize - filled);
            if (part.IsEmpty)
                return filled == 0 && mayEnd ? false : throw TarError.Damaged("it ends in the middle of a header");
            part.CopyTo(block.AsSpan(filled));
            filled += part.Length;
        }
        overhead?.Append(block);
        return true;
    }

    private byte[] ReadExtension(long size)
    {
        if (size is < 0 or > MaximumExtension)
            throw TarError.Damaged("an extended header is too large");
        var data = new byte[size];
        for (var filled = 0; filled < data.Length;)
        {
            var part = input.Take(data.Length - filled);
            if (part.IsEmpty)
                throw TarError.Damaged("it ends in the middle of an extended header");
            part.CopyTo(data.AsSpan(filled));
            filled += part.Length;
        }
        overhead?.Append(data);
        padding = PaddingOf(size);
        SkipPadding();
        return data;
    }

    private void SkipPadding()
    {
        while (padding > 0)
        {
            var part = input.Take(padding);
            // Some writers leave out the padding of the very last file.
            if (part.IsEmpty)
                padding = 0;
            padding -= part.Length;
            overhead?.Append(part);
        }
    }

    private TarEntry MakeEntry(long size, PaxRecords? pax, byte[]? longName, byte[]? longLink)
    {
        var header = block.AsSpan();
        var name = longName ?? pax?.Name("path") ?? HeaderName(header);
        if (header[156] == 'S' || pax?.IsSparse == true)
            throw TarError.Unsupported(name, "a sparse file, which a layer can't hold");
        var type = TypeOf(header[156], name);
        size = pax?.Number("size") ?? size;
        if (size < 0)
            throw TarError.Damaged("a file has a negative size");
        var modified = pax?.Time("mtime") ?? new FileTime(TarNumber.Parse(header.Slice(136, 12)), 0);
        var isDevice = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        return new TarEntry
        {
            Name = name,
            Type = type,
            Size = type == TarEntryType.File ? size : 0,
            LinkName = longLink ?? pax?.Name("linkpath") ?? UpToZero(header.Slice(157, 100)).ToArray(),
            Mode = (uint)TarNumber.Parse(header.Slice(100, 8)) & ModeBits.PermissionMask,
            UserId = Id(pax?.Number("uid") ?? TarNumber.Parse(header.Slice(108, 8)), name),
            GroupId = Id(pax?.Number("gid") ?? TarNumber.Parse(header.Slice(116, 8)), name),
            Modified = modified,
            Accessed = pax?.Time("atime") ?? modified,
            DeviceMajor = isDevice ? (uint)TarNumber.Parse(header.Slice(329, 8)) : 0,
            DeviceMinor = isDevice ? (uint)TarNumber.Parse(header.Slice(337, 8)) : 0,
            Attributes = pax?.Attributes ?? [],
        };
    }

    private static TarEntryType TypeOf(byte flag, byte[] name) => (char)flag switch
    {
        // Before ustar a directory was a file whose name ends in a slash.
        '0' or '\0' or '7' => name.Length > 0 && name[^1] == '/' ? TarEntryType.Directory : TarEntryType.File,
        '1' => TarEntryType.HardLink,
        '2' => TarEntryType.Symlink,
        '3' => TarEntryType.CharacterDevice,
        '4' => TarEntryType.BlockDevice,
        '5' => TarEntryType.Directory,
        '6' => TarEntryType.Fifo,
        _ => throw TarError.Unsupported(name, $"of the unknown type '{(char)flag}'"),
    };

    private static uint Id(long value, byte[] name) =>
        value is >= 0 and < uint.MaxValue ? (uint)value : throw TarError.Contradiction(name, $"{value} is not a user or group id");

    // ustar splits long names; GNU uses the same bytes for other things.
    private static byte[] HeaderName(ReadOnlySpan<byte> header)
    {
        var name = UpToZero(header[..100]);
        var isUstar = header.Slice(257, 6).SequenceEqual("ustar\0"u8);
        var isStar = isUstar && header.Slice(508, 4).SequenceEqual("tar\0"u8);
        var prefix = isUstar ? UpToZero(header.Slice(345, isStar ? 131 : 155)) : default;
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private void CheckSum()
    {
        // The field itself counts as blanks. Old writers summed signed bytes.
        long unsigned = 8 * ' ', signed = 8 * ' ';
        for (var i = 0; i < BlockSize; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            unsigned += block[i];
            signed += (sbyte)block[i];
        }
        var expected = TarNumber.Parse(block.AsSpan(148, 8));
        if (expected != unsigned && expected != signed)
            throw TarError.Damaged("a header's check sum is wrong");
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;

    private static int PaddingOf(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);
}
