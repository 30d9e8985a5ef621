using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Reads an encrypted layer as its plain blob: what comes is compared with the layer's digest, and with the authentication code of its key. The last
/// read fails where one of them is another; until then nobody should believe what came.</summary>
internal sealed class EncryptedBlob : IDisposable
{
    private readonly BlobReader _source;
    private readonly LayerKey _key;
    private readonly LayerCipher _cipher;
    private readonly ContentDigest _digest;
    private readonly IncrementalHash _hash;
    private readonly string _what;
    private bool _isVerified;

    /// <summary>Begins to decrypt.</summary>
    /// <param name="source">The encrypted bytes.</param>
    /// <param name="key">The layer's key.</param>
    /// <param name="digest">The encrypted blob's digest.</param>
    /// <param name="what">What it is, for messages.</param>
    internal EncryptedBlob(BlobReader source, LayerKey key, ContentDigest digest, string what)
    {
        (_source, _key, _digest, _what) = (source, key, digest, what);
        _cipher = key.Begin();
        _hash = IncrementalHash.CreateHash(digest.HashName);
    }

    /// <summary>Fills a buffer with plain bytes; 0 after the last.</summary>
    /// <exception cref="ContainerEngineException">DataCorrupt.</exception>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await _source(buffer, cancellationToken);
        if (count == 0)
        {
            // Who reads in blocks may ask again after the end.
            if (!_isVerified)
                Verify();
            _isVerified = true;
            return 0;
        }
        _hash.AppendData(buffer.Span[..count]);
        _cipher.Decrypt(buffer.Span[..count]);
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cipher.Dispose();
        _hash.Dispose();
    }

    private void Verify()
    {
        var actual = _digest with { Hex = Convert.ToHexStringLower(_hash.GetHashAndReset()) };
        if (actual != _digest)
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"{_what} has the digest {actual} instead of {_digest}", _digest.ToString(),
                "the registry's copy is damaged or was tampered with: pull again, or from another registry");
        if (!CryptographicOperations.FixedTimeEquals(_cipher.Code(), _key.Code))
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerCodeMismatch", $"{_what} is not what was encrypted with its key", _digest.ToString(),
                "the registry's copy was tampered with: get the image from another place");
    }
}
