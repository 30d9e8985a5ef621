using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>AES-256 in counter mode with HMAC-SHA256 over what is encrypted: the cipher AES_256_CTR_HMAC_SHA256 of ocicrypt. The same key serves both, as it does there.</summary>
internal sealed class LayerCipher : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    internal const int KeyLength = 32;

    /// <summary>Bytes of a first counter.</summary>
    internal const int NonceLength = BlockLength;
    private const int BlockLength = 16;
    private const int MostBlocks = 4096;

    private readonly Aes _aes = Aes.Create();
    private readonly IncrementalHash _code;
    private readonly byte[] _counter;
    private readonly byte[] _counters = new byte[MostBlocks * BlockLength];
    private readonly byte[] _stream = new byte[MostBlocks * BlockLength];
    private int _used;
    private int _filled;

    /// <summary>Begins a layer.</summary>
    /// <param name="key">The key.</param>
    /// <param name="nonce">The first counter.</param>
    internal LayerCipher(byte[] key, byte[] nonce)
    {
        _aes.Key = key;
        _counter = [.. nonce];
        _code = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Encrypts the next bytes in their place.</summary>
    internal void Encrypt(Span<byte> data)
    {
        Apply(data);
        _code.AppendData(data);
    }

    /// <summary>Decrypts the next bytes in their place. They are worth nothing until the code has been compared.</summary>
    internal void Decrypt(Span<byte> data)
    {
        _code.AppendData(data);
        Apply(data);
    }

    /// <summary>The authentication code of all that went through.</summary>
    internal byte[] Code() => _code.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose()
    {
        _aes.Dispose();
        _code.Dispose();
        CryptographicOperations.ZeroMemory(_stream);
    }

    private void Apply(Span<byte> data)
    {
        for (var i = 0; i < data.Length;)
        {
            if (_used == _filled)
                Fill(data.Length - i);
            var count = Math.Min(data.Length - i, _filled - _used);
            Mix(data.Slice(i, count), _stream.AsSpan(_used, count));
            (_used, i) = (_used + count, i + count);
        }
    }

    // Eight bytes at a time: whole layers come through here.
    private static void Mix(Span<byte> data, ReadOnlySpan<byte> stream)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        var masks = MemoryMarshal.Cast<byte, ulong>(stream);
        for (var i = 0; i < words.Length; i++)
            words[i] ^= masks[i];
        for (var i = words.Length * sizeof(ulong); i < data.Length; i++)
            data[i] ^= stream[i];
    }

    private void Fill(int wanted)
    {
        var blocks = Math.Min(MostBlocks, (wanted + BlockLength - 1) / BlockLength);
        var high = BinaryPrimitives.ReadUInt64BigEndian(_counter);
        var low = BinaryPrimitives.ReadUInt64BigEndian(_counter.AsSpan(8));
        for (var i = 0; i < blocks; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan(i * BlockLength), high);
            BinaryPrimitives.WriteUInt64BigEndian(_counters.AsSpan((i * BlockLength) + 8), low);
            if (++low == 0)
                high++;
        }
        BinaryPrimitives.WriteUInt64BigEndian(_counter, high);
        BinaryPrimitives.WriteUInt64BigEndian(_counter.AsSpan(8), low);
        (_used, _filled) = (0, blocks * BlockLength);
        _aes.EncryptEcb(_counters.AsSpan(0, _filled), _stream, PaddingMode.None);
    }
}
