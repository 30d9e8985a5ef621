using System.Security.Cryptography;
using System.Text;

namespace Podsharp.Engine.Trust;

/// <summary>Texts in PEM.</summary>
internal static class Pem
{
    /// <summary>The one object of a text.</summary>
    /// <exception cref="CryptographicException">It has none, or several.</exception>
    internal static (string Label, byte[] Content) Decode(ReadOnlySpan<byte> text)
    {
        var objects = DecodeAll(text);
        return objects.Count == 1 ? objects[0] : throw new CryptographicException(objects.Count == 0 ? "it is not in PEM form" : "it holds several objects in PEM form");
    }

    /// <summary>All objects of a text.</summary>
    internal static List<(string Label, byte[] Content)> DecodeAll(ReadOnlySpan<byte> text)
    {
        var objects = new List<(string, byte[])>();
        var rest = Encoding.UTF8.GetString(text).AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            objects.Add((rest[fields.Label].ToString(), Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }
        return objects;
    }
}
