using System.Security.Cryptography;
using System.Text;

namespace Podsharp.Engine.Storage;

/// <summary>How the ids of layers are made.</summary>
internal static class LayerId
{
    private const string DigestPrefix = "sha256:";

    /// <summary>The id of a layer with known content, the same for every writer of the store: the DiffID's hexadecimal part for a
    /// base layer, else sha256(parent id "+" that part). This is not the chain id of the OCI image specification.</summary>
    /// <param name="parentId">The layer below, or null.</param>
    /// <param name="diffId">The digest of the uncompressed tar, with or without its "sha256:".</param>
    internal static string Compute(string? parentId, string diffId)
    {
        var hex = Hex(diffId);
        return parentId is null ? hex : Hash($"{parentId}+{hex}");
    }

    /// <summary>The id of a container's read-write layer. Others draw it at random; made from the container's id, which is random enough
    /// for both, a layer whose container was never recorded can be found again after a kill. Each digit becomes its complement to
    /// 15: a hash would cost a container's start the loading of OpenSSL.</summary>
    internal static string OfContainer(string containerId) =>
        string.Create(containerId.Length, containerId, static (id, source) =>
        {
            for (var i = 0; i < id.Length; i++)
                id[i] = char.IsAsciiHexDigitLower(source[i]) ? "fedcba9876543210"[char.IsAsciiDigit(source[i]) ? source[i] - '0' : source[i] - 'a' + 10] : source[i];
        });

    /// <summary>A digest's hexadecimal part.</summary>
    internal static string Hex(string digest) =>
        digest.StartsWith(DigestPrefix, StringComparison.Ordinal) ? digest[DigestPrefix.Length..] : digest;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
