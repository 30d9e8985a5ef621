using System.Buffers.Binary;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Build.Copying;

/// <summary>A digest of what is copied: names, kinds, permissions, owners, attributes, links and content. Times are left out, as docker does: a checkout
/// has others each time.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly StepDigest hash = new();

    /// <summary>Adds an entry; content of as many bytes as its size says follows.</summary>
    internal void Add(string path, uint type, string target, TarEntry entry)
    {
        Add(RawPath.Bytes(path));
        Span<byte> numbers = stackalloc byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, type);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[4..], entry.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[8..], entry.UserId);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[12..], entry.GroupId);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[16..], entry.DeviceMajor);
        BinaryPrimitives.WriteUInt32LittleEndian(numbers[20..], entry.DeviceMinor);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[24..], type == ModeBits.Regular ? entry.Size : entry.Attributes.Count);
        hash.Append(numbers);
        Add(RawPath.Bytes(target));
        foreach (var (name, value) in entry.Attributes)
        {
            Add(System.Text.Encoding.UTF8.GetBytes(name));
            Add(value);
        }
    }

    /// <summary>Adds a part of a file's content.</summary>
    internal void Append(ReadOnlySpan<byte> content) => hash.Append(content);

    /// <summary>The digest, in hex.</summary>
    internal string Finish() => hash.Finish();

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private void Add(ReadOnlySpan<byte> text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        hash.Append(length);
        hash.Append(text);
    }
}
