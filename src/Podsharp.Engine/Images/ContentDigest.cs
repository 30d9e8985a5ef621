using System.Security.Cryptography;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>A digest (<c>sha256:…</c>) as the OCI image specification writes it (descriptor.md, "Digests").</summary>
/// <param name="Algorithm"><c>sha256</c>, <c>sha384</c> or <c>sha512</c>.</param>
/// <param name="Hex">Lower-case hexadecimal.</param>
internal readonly record struct ContentDigest(string Algorithm, string Hex)
{
    /// <summary>Reads a digest; false for an unknown algorithm, a wrong length or anything but lower-case hexadecimal.</summary>
    internal static bool TryParse(string? text, out ContentDigest digest)
    {
        digest = default;
        var colon = text?.IndexOf(':') ?? -1;
        if (colon < 0)
        {
            return false;
        }
        var (algorithm, hex) = (text![..colon], text[(colon + 1)..]);
        var length = algorithm switch { "sha256" => 64, "sha384" => 96, "sha512" => 128, _ => 0 };
        if (hex.Length != length || hex.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            return false;
        }
        digest = new ContentDigest(algorithm, hex);
        return true;
    }

    /// <summary>Reads a digest out of a manifest or a header.</summary>
    /// <param name="text">The digest.</param>
    /// <param name="where">What it was found in, for the message.</param>
    /// <exception cref="ContainerEngineException">It is none (<c>DataCorrupt</c>).</exception>
    internal static ContentDigest Parse(string? text, string where) => TryParse(text, out var digest) ? digest
        : throw new ContainerEngineException(ErrorKind.DataCorrupt, "InvalidDigest", $"{where} has an invalid digest \"{text}\"", text);

    /// <summary>The sha256 digest of some bytes.</summary>
    internal static ContentDigest Of(ReadOnlySpan<byte> content) => new("sha256", Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>The digest of some bytes, by this digest's algorithm.</summary>
    internal ContentDigest Same(ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashName);
        hash.AppendData(content);
        return new ContentDigest(Algorithm, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The algorithm's name in .NET.</summary>
    internal HashAlgorithmName HashName => new(Algorithm.ToUpperInvariant());

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm}:{Hex}";
}
