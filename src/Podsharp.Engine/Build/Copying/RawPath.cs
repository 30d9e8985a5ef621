using System.Text;

namespace Podsharp.Engine.Build.Copying;

/// <summary>Paths as strings of which each character is a byte: names of files need not be UTF-8, and yet are cut and compared here. They are relative
/// to a root, without a slash at either end, and "" is the root itself.</summary>
internal static class RawPath
{
    /// <summary>What people wrote, as bytes.</summary>
    internal static string FromText(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>A name out of a directory.</summary>
    internal static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>For the kernel and for archives.</summary>
    internal static byte[] Bytes(string path) => Encoding.Latin1.GetBytes(path);

    /// <summary>For people.</summary>
    internal static string ToText(string path) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(path));

    /// <summary>The path below another one.</summary>
    internal static string Join(string directory, string name) => directory.Length == 0 ? name : name.Length == 0 ? directory : $"{directory}/{name}";

    /// <summary>The directory that it is in; "" for the root.</summary>
    internal static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    /// <summary>Its last part.</summary>
    internal static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Its parts, without those that say nothing; ".." leads up, but not out of the root.</summary>
    internal static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}
