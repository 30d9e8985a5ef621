using System.Text;

namespace Podsharp.UnitTests.Storage;

/// <summary>Makes tars, honest and hostile, header by header.</summary>
internal sealed class TarBuilder
{
    private readonly MemoryStream stream = new();

    internal byte[] Build(bool withEnd = true)
    {
        if (withEnd)
            stream.Write(new byte[1024]);
        return stream.ToArray();
    }

    internal TarBuilder File(string name, string content = "", uint mode = 0x1A4) => Entry('0', name, Latin(content), mode: mode);

    internal TarBuilder Directory(string name, uint mode = 0x1ED) => Entry('5', name, [], mode: mode);

    internal TarBuilder Symlink(string name, string target) => Entry('2', name, [], target);

    internal TarBuilder HardLink(string name, string target, uint mode = 0x1A4) => Entry('1', name, [], target, mode);

    internal TarBuilder Pax(params (string Key, string Value)[] records)
    {
        var body = new MemoryStream();
        foreach (var (key, value) in records)
            body.Write(PaxRecord(Latin(key), Latin(value)));
        return Entry('x', "PaxHeaders/x", body.ToArray());
    }

    internal TarBuilder Global(string key, string value) => Entry('g', "pax_global_header", PaxRecord(Latin(key), Latin(value)));

    internal TarBuilder LongName(string name) => Entry('L', "././@LongLink", Latin(name + "\0"));

    internal TarBuilder Raw(byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    internal TarBuilder Entry(char type, string name, byte[] content, string link = "", uint mode = 0x1A4, string? size = null,
        bool badSum = false, uint major = 0, uint minor = 0, long mtime = 1_600_000_000, string magic = "ustar\000")
    {
        var header = new byte[512];
        Latin(name).AsSpan(0, Math.Min(100, name.Length)).CopyTo(header);
        Octal(header, 100, 8, mode);
        Octal(header, 108, 8, Environment.IsPrivilegedProcess ? 0u : 1000);
        Octal(header, 116, 8, Environment.IsPrivilegedProcess ? 0u : 1000);
        if (size is null)
            Octal(header, 124, 12, content.Length);
        else
            Latin(size).CopyTo(header, 124);
        Octal(header, 136, 12, mtime);
        header[156] = (byte)type;
        Latin(link).AsSpan(0, Math.Min(100, link.Length)).CopyTo(header.AsSpan(157));
        Latin(magic).CopyTo(header, 257);
        Octal(header, 329, 8, major);
        Octal(header, 337, 8, minor);
        header.AsSpan(148, 8).Fill((byte)' ');
        var sum = header.Sum(value => (long)value) + (badSum ? 1 : 0);
        Octal(header, 148, 7, sum);
        stream.Write(header);
        stream.Write(content);
        stream.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    private static byte[] PaxRecord(byte[] key, byte[] value)
    {
        var rest = key.Length + value.Length + 3;
        var length = rest + rest.ToString().Length;
        if (length.ToString().Length != rest.ToString().Length)
            length++;
        return [.. Latin($"{length} "), .. key, (byte)'=', .. value, (byte)'\n'];
    }

    private static void Octal(byte[] header, int offset, int length, long value) =>
        Latin(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(header, offset);

    internal static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
