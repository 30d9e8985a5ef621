using System.Buffers.Text;
using System.Text;
using Podsharp.Engine.Native;

namespace Podsharp.Engine.Storage.Tar;

/// <summary>The records of a pax extended header (pax(1)): "LENGTH KEY=VALUE\n", the length counting all of it.</summary>
internal sealed class PaxRecords
{
    private const string AttributePrefix = "SCHILY.xattr.";
    private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    /// <summary>Reads an extended header.</summary>
    internal static PaxRecords Parse(ReadOnlySpan<byte> data)
    {
        var records = new PaxRecords();
        while (data.Length > 0)
        {
            var blank = data.IndexOf((byte)' ');
            if (blank <= 0 || !Utf8Parser.TryParse(data[..blank], out int length, out var used) || used != blank
                || length <= blank + 1 || length > data.Length || data[length - 1] != '\n')
                throw TarError.Damaged("an extended header is malformed");
            var record = data[(blank + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw TarError.Damaged("an extended header is malformed");
            records.Add(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..].ToArray());
            data = data[length..];
        }
        return records;
    }

    /// <summary>Whether the entry is sparse in one of GNU's pax forms.</summary>
    internal bool IsSparse => order.Exists(key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal));

    /// <summary>The extended attributes.</summary>
    internal IReadOnlyList<KeyValuePair<string, byte[]>> Attributes =>
        [.. order.Where(key => key.StartsWith(AttributePrefix, StringComparison.Ordinal) && key.Length > AttributePrefix.Length)
            .Select(key => KeyValuePair.Create(key[AttributePrefix.Length..], values[key]))];

    /// <summary>A name, or null where it isn't given. Names can't hold a zero byte.</summary>
    internal byte[]? Name(string key)
    {
        if (!values.TryGetValue(key, out var value) || value.Length == 0)
            return null;
        return value.AsSpan().Contains((byte)0) ? throw TarError.Damaged($"the \"{key}\" of an extended header holds a zero byte") : value;
    }

    /// <summary>A whole number, or null where it isn't given.</summary>
    internal long? Number(string key)
    {
        if (!values.TryGetValue(key, out var value) || value.Length == 0)
            return null;
        return Utf8Parser.TryParse(value, out long number, out var used) && used == value.Length ? number
            : throw TarError.Damaged($"the \"{key}\" of an extended header is no number");
    }

    /// <summary>A time in seconds with a decimal fraction of any length, or null where it isn't given.</summary>
    internal FileTime? Time(string key)
    {
        if (!values.TryGetValue(key, out var value) || value.Length == 0)
            return null;
        var dot = value.AsSpan().IndexOf((byte)'.');
        var whole = dot < 0 ? value : value.AsSpan(0, dot);
        var fraction = dot < 0 ? default : value.AsSpan(dot + 1);
        if (!Utf8Parser.TryParse(whole, out long seconds, out var used) || used != whole.Length
            || fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            throw TarError.Damaged($"the \"{key}\" of an extended header is no time");
        long nanoseconds = 0;
        for (var i = 0; i < 9; i++)
            nanoseconds = (nanoseconds * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        // "-1.25" is a quarter of a second before -1; the kernel counts nanoseconds forward.
        if (value[0] == '-' && nanoseconds > 0)
            return new FileTime(seconds - 1, 1_000_000_000 - nanoseconds);
        return new FileTime(seconds, nanoseconds);
    }

    private void Add(string key, byte[] value)
    {
        if (!values.ContainsKey(key))
            order.Add(key);
        values[key] = value;
    }
}
