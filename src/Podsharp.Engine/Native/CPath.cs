using System.Text;

namespace Podsharp.Engine.Native;

/// <summary>A path as the kernel takes it: bytes with a terminating zero. Made from text (UTF-8) or, for names that come
/// out of archives and need not be UTF-8, from bytes.</summary>
internal readonly ref struct CPath
{
    private readonly string? text;

    private CPath(byte[] terminated, string? text)
    {
        Terminated = terminated;
        this.text = text;
    }

    /// <summary>The bytes, zero included.</summary>
    internal ReadOnlySpan<byte> Terminated { get; }

    /// <summary>The path of some text.</summary>
    public static implicit operator CPath(string path)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return Checked(bytes, path);
    }

    /// <summary>The path of some bytes (without a terminating zero).</summary>
    public static implicit operator CPath(ReadOnlySpan<byte> path)
    {
        var bytes = new byte[path.Length + 1];
        path.CopyTo(bytes);
        return Checked(bytes, null);
    }

    /// <summary>For messages.</summary>
    public override string ToString() => text ?? Encoding.UTF8.GetString(Terminated[..^1]);

    private static CPath Checked(byte[] bytes, string? text)
    {
        // A zero inside would silently name another file.
        if (bytes.AsSpan(0, bytes.Length - 1).Contains((byte)0))
            throw Model.EngineErrors.InvalidArgument("a path must not contain a zero byte", text);
        return new CPath(bytes, text);
    }
}
