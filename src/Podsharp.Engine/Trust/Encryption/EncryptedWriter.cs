using System.Buffers;
using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Encrypts a blob on its way out. The same key and bytes give the same blob, so that a transfer that broke off can be made again.</summary>
/// <param name="key">The layer's key.</param>
/// <param name="write">Gets the encrypted bytes.</param>
internal sealed class EncryptedWriter(LayerKey key, BlobWriter write) : IDisposable
{
    private readonly LayerCipher _cipher = key.Begin();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _size;

    /// <summary>The authentication code; after <see cref="Finish"/>.</summary>
    internal byte[] Code { get; private set; } = [];

    /// <summary>Takes the next bytes, which stay as they are.</summary>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(data.Length);
        try
        {
            var encrypted = block.AsMemory(0, data.Length);
            data.CopyTo(encrypted);
            _cipher.Encrypt(encrypted.Span);
            _hash.AppendData(encrypted.Span);
            _size += data.Length;
            await write(encrypted, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Ends the blob.</summary>
    /// <returns>What it has become.</returns>
    internal MadeBlob Finish()
    {
        Code = _cipher.Code();
        return new MadeBlob(new ContentDigest("sha256", Convert.ToHexStringLower(_hash.GetHashAndReset())), _size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher.Dispose();
        _hash.Dispose();
    }
}
