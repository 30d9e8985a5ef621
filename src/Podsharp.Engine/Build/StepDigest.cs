using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Podsharp.Engine.Build;

/// <summary>SHA-256 of what a step depends on. .NET's own loads OpenSSL at its first use, which takes longer than all else in a build whose steps are known; so what is
/// short is worked out here, and only what is long is left to it.</summary>
internal sealed class StepDigest : IDisposable
{
    private const int Short = 64 * 1024;
    private const int BlockSize = 64;
    private static readonly uint[] s_start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private static readonly uint[] s_constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly uint[] state = [.. s_start];
    private readonly byte[] block = new byte[BlockSize];
    private long length;
    private IncrementalHash? library;
    private MemoryStream? seen = new();

    /// <summary>Adds bytes.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (library is null && length + bytes.Length > Short)
        {
            library = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            library.AppendData(seen!.GetBuffer().AsSpan(0, (int)seen.Length));
            seen = null;
        }
        length += bytes.Length;
        if (library is not null)
            library.AppendData(bytes);
        else
            seen!.Write(bytes);
    }

    /// <summary>The digest, in hex.</summary>
    internal string Finish() => Convert.ToHexStringLower(library?.GetHashAndReset() ?? Compute(seen!.GetBuffer().AsSpan(0, (int)length)));

    /// <inheritdoc/>
    public void Dispose()
    {
        library?.Dispose();
        seen?.Dispose();
    }

    // FIPS 180-4, 6.2.
    private byte[] Compute(ReadOnlySpan<byte> bytes)
    {
        s_start.CopyTo(state, 0);
        for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..])
            Mix(bytes[..BlockSize]);
        block.AsSpan().Clear();
        bytes.CopyTo(block);
        block[bytes.Length] = 0x80;
        if (bytes.Length + 1 > BlockSize - sizeof(long))
        {
            Mix(block);
            block.AsSpan().Clear();
        }
        BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(BlockSize - sizeof(long)), length * 8);
        Mix(block);
        var digest = new byte[state.Length * sizeof(uint)];
        for (var i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        return digest;
    }

    private void Mix(ReadOnlySpan<byte> data)
    {
        Span<uint> words = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(data[(i * sizeof(uint))..]);
        for (var i = 16; i < words.Length; i++)
        {
            var (before, far) = (words[i - 2], words[i - 15]);
            words[i] = words[i - 16] + words[i - 7] + (BitOperations.RotateRight(before, 17) ^ BitOperations.RotateRight(before, 19) ^ (before >> 10))
                + (BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ (far >> 3));
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < words.Length; i++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + s_constants[i] + words[i];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }
        (state[0], state[1], state[2], state[3]) = (state[0] + a, state[1] + b, state[2] + c, state[3] + d);
        (state[4], state[5], state[6], state[7]) = (state[4] + e, state[5] + f, state[6] + g, state[7] + h);
    }
}
