namespace Podsharp.Engine.Storage.Tar;

/// <summary>Names of archive entries as paths below the root.</summary>
internal static class TarPath
{
    private const byte Slash = (byte)'/';

    /// <summary>Makes a name relative to the root: no leading or double slashes, no ".", and ".." resolved by text as the other writers
    /// of the store do it. The root itself is the empty path.</summary>
    /// <exception cref="Model.ContainerEngineException">The name climbs above the root (ArchiveEscape).</exception>
    internal static ReadOnlySpan<byte> Normalise(ReadOnlySpan<byte> name)
    {
        if (IsPlain(name))
            return name;
        var result = new byte[name.Length];
        var length = 0;
        var isAbsolute = name.Length > 0 && name[0] == Slash;
        foreach (var range in name.Split(Slash))
        {
            var part = name[range];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
            {
                if (length == 0)
                {
                    if (isAbsolute)
                        continue; // "/.." is "/"
                    throw TarError.Escape(name);
                }
                length = Math.Max(0, result.AsSpan(0, length).LastIndexOf(Slash));
                continue;
            }
            if (length > 0)
                result[length++] = Slash;
            part.CopyTo(result.AsSpan(length));
            length += part.Length;
        }
        return result.AsSpan(0, length);
    }

    /// <summary>Splits a normalised path into its directory and its last name.</summary>
    internal static void Split(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> directory, out ReadOnlySpan<byte> name)
    {
        var slash = path.LastIndexOf(Slash);
        directory = slash < 0 ? default : path[..slash];
        name = path[(slash + 1)..];
    }

    // The common case needs no copy: "usr/bin/env".
    private static bool IsPlain(ReadOnlySpan<byte> name) =>
        name.Length > 0 && name[0] is not (Slash or (byte)'.') && name[^1] != Slash && name.IndexOf("//"u8) < 0 && name.IndexOf("/."u8) < 0;
}
