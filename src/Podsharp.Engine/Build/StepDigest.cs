using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace Podsharp.Engine.Build;

/// <summary>SHA-256 of what a step depends on. .NET's own loads OpenSSL at its first use, which takes longer than all else in a build whose steps are known; so what is
/// short is left to BouncyCastle's, which is slower by the byte but at hand at once.</summary>
internal sealed class StepDigest : IDisposable
{
    private const int Short = 64 * 1024;

    private readonly MemoryStream seen = new();
    private IncrementalHash? quick;

    /// <summary>Adds bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (quick is null && seen.Length + bytes.Length > Short)
        {
            quick = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            quick.AppendData(Seen);
        }
        if (quick is not null)
            quick.AppendData(bytes);
        else
            seen.Write(bytes);
    }

    /// <summary>The digest, in hex.</summary>
    internal string Finish() => Convert.ToHexStringLower(quick?.GetHashAndReset() ?? Compute(Seen));

    /// <inheritdoc/>
    public void Dispose()
    {
        quick?.Dispose();
        seen.Dispose();
    }

    private ReadOnlySpan<byte> Seen => seen.GetBuffer().AsSpan(0, (int)seen.Length);

    private static byte[] Compute(ReadOnlySpan<byte> bytes)
    {
        var sha256 = new Sha256Digest();
        sha256.BlockUpdate(bytes);
        var digest = new byte[sha256.GetDigestSize()];
        sha256.DoFinal(digest);
        return digest;
    }
}
