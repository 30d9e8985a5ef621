using System.Globalization;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>Writes a tar (pax(1), "ustar" headers with extended ones where they are needed) entry by entry to a stream that need not
/// be able to seek. Names are bytes.</summary>
/// <remarks>A file's content follows its entry through <see cref="Write"/>: exactly as many bytes as its size says.</remarks>
internal sealed class TarWriter(Stream output)
{
    private const int BlockSize = 512;
    private const int BufferSize = 256 * BlockSize;
    private const int NameLength = 100;
    private const int PrefixLength = 155;

    private readonly byte[] buffer = new byte[BufferSize];
    private int filled;
    private long remaining;
    private int padding;

    /// <summary>Begins an entry.</summary>
    /// <exception cref="InvalidOperationException">The content of the last one isn't complete.</exception>
    internal void Add(TarEntry entry)
    {
        CloseEntry();
        var name = entry.Type == TarEntryType.Directory && entry.Name is not [.., (byte)'/'] ? [.. entry.Name, (byte)'/'] : entry.Name;
        if (Extension(entry, name) is { Length: > 0 } extension)
        {
            WriteHeader('x', "PaxHeaders/entry"u8, default, entry with { Size = extension.Length, Mode = 0x1A4 /* 0644 */, UserId = 0, GroupId = 0,
                DeviceMajor = 0, DeviceMinor = 0, Modified = entry.Modified with { Nanoseconds = 0 } });
            Append(extension);
            Append(new byte[PaddingOf(extension.Length)]);
        }
        WriteHeader(FlagOf(entry.Type), name, entry.LinkName, entry);
        remaining = entry.Type == TarEntryType.File ? entry.Size : 0;
        padding = PaddingOf(remaining);
    }

    /// <summary>Writes a part of a file's content.</summary>
    internal void Write(ReadOnlySpan<byte> data)
    {
        if (data.Length > remaining)
            throw new InvalidOperationException("more content than the entry's size");
        remaining -= data.Length;
        Append(data);
    }

    /// <summary>Ends the archive; the stream stays open.</summary>
    internal void Finish()
    {
        CloseEntry();
        Append(new byte[2 * BlockSize]);
        output.Write(buffer, 0, filled);
        filled = 0;
        output.Flush();
    }

    private void CloseEntry()
    {
        if (remaining > 0)
            throw new InvalidOperationException("less content than the entry's size");
        Append(new byte[padding]);
        padding = 0;
    }

    private static char FlagOf(TarEntryType type) => type switch
    {
        TarEntryType.File => '0',
        TarEntryType.HardLink => '1',
        TarEntryType.Symlink => '2',
        TarEntryType.CharacterDevice => '3',
        TarEntryType.BlockDevice => '4',
        TarEntryType.Directory => '5',
        _ => '6',
    };

    private void WriteHeader(char flag, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, TarEntry entry)
    {
        Span<byte> header = stackalloc byte[BlockSize];
        header.Clear();
        if (name.Length > NameLength && SplitName(name) is > 0 and var slash)
        {
            name[..slash].CopyTo(header[345..]);
            name = name[(slash + 1)..];
        }
        // Where an extended header says more, as much as fits, for those who can't read that.
        name[..Math.Min(NameLength, name.Length)].CopyTo(header);
        PutNumber(header.Slice(100, 8), entry.Mode);
        PutNumber(header.Slice(108, 8), entry.UserId);
        PutNumber(header.Slice(116, 8), entry.GroupId);
        PutNumber(header.Slice(124, 12), entry.Size);
        PutNumber(header.Slice(136, 12), Math.Max(0, entry.Modified.Seconds));
        header[156] = (byte)flag;
        link[..Math.Min(NameLength, link.Length)].CopyTo(header[157..]);
        "ustar\00000"u8[..8].CopyTo(header[257..]);
        if (flag is '3' or '4')
        {
            PutNumber(header.Slice(329, 8), entry.DeviceMajor);
            PutNumber(header.Slice(337, 8), entry.DeviceMinor);
        }
        PutSum(header);
        Append(header);
    }

    // The check sum counts its own field as blanks; six digits, a zero and a blank is how it has always been written.
    private static void PutSum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in header)
            sum += value;
        PutNumber(header.Slice(148, 7), sum);
    }

    // Octal with a terminating zero. What has no room there stands in the extended header.
    private static void PutNumber(Span<byte> field, long value)
    {
        if (!Fits(value, field.Length))
            value = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
    }

    private static bool Fits(long value, int fieldLength) => value >> (3 * (fieldLength - 1)) == 0;

    // Where ustar can cut a long name: at a slash that leaves room for both parts, and something behind it. 0: nowhere.
    private static int SplitName(ReadOnlySpan<byte> name)
    {
        if (name.Length > PrefixLength + 1 + NameLength)
            return 0;
        var first = Math.Max(1, name.Length - 1 - NameLength);
        var last = Math.Min(PrefixLength, name.Length - 2);
        var slash = first <= last ? name[first..(last + 1)].IndexOf((byte)'/') : -1;
        return slash < 0 ? 0 : first + slash;
    }

    private static byte[] Extension(TarEntry entry, byte[] name)
    {
        var records = new MemoryStream();
        var longName = name.Length > NameLength && SplitName(name) == 0;
        var longLink = entry.LinkName.Length > NameLength;
        // Extended headers are UTF-8 unless they say that they aren't.
        if ((longName && !IsUtf8(name)) || (longLink && !IsUtf8(entry.LinkName)))
            AddRecord(records, "hdrcharset", "BINARY"u8);
        if (longName)
            AddRecord(records, "path", name);
        if (longLink)
            AddRecord(records, "linkpath", entry.LinkName);
        if (!Fits(entry.Size, 12))
            AddRecord(records, "size", entry.Size);
        if (!Fits(entry.UserId, 8))
            AddRecord(records, "uid", entry.UserId);
        if (!Fits(entry.GroupId, 8))
            AddRecord(records, "gid", entry.GroupId);
        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds < 0 || !Fits(entry.Modified.Seconds, 12))
            AddRecord(records, "mtime", Time(entry.Modified));
        if (entry.Accessed != entry.Modified)
            AddRecord(records, "atime", Time(entry.Accessed));
        foreach (var (key, value) in entry.Attributes)
            AddRecord(records, "SCHILY.xattr." + key, value);
        return records.ToArray();
    }

    private static bool IsUtf8(byte[] name) => System.Text.Unicode.Utf8.IsValid(name);

    // The kernel counts nanoseconds forward, pax away from zero: -2 s and 0.75 s are "-1.25".
    private static byte[] Time(FileTime time)
    {
        var (sign, seconds, nanoseconds) = time.Seconds >= 0 ? ("", time.Seconds, time.Nanoseconds)
            : time.Nanoseconds == 0 ? ("-", -time.Seconds, 0) : ("-", -time.Seconds - 1, 1_000_000_000 - time.Nanoseconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:000000000}");
        return Encoding.ASCII.GetBytes(text.TrimEnd('0').TrimEnd('.'));
    }

    private static void AddRecord(MemoryStream records, string key, long value) =>
        AddRecord(records, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    // "LENGTH KEY=VALUE\n", the length counting its own digits.
    private static void AddRecord(MemoryStream records, string key, ReadOnlySpan<byte> value)
    {
        var keyBytes = Encoding.UTF8.GetBytes(key);
        var rest = keyBytes.Length + value.Length + 3;
        var length = rest + Digits(rest);
        if (Digits(length) != Digits(rest))
            length++;
        records.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture) + " "));
        records.Write(keyBytes);
        records.WriteByte((byte)'=');
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private void Append(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (filled == 0 && data.Length >= BufferSize)
            {
                output.Write(data);
                return;
            }
            var part = data[..Math.Min(data.Length, BufferSize - filled)];
            part.CopyTo(buffer.AsSpan(filled));
            filled += part.Length;
            data = data[part.Length..];
            if (filled == BufferSize)
            {
                output.Write(buffer, 0, filled);
                filled = 0;
            }
        }
    }

    private static int PaddingOf(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);
}
