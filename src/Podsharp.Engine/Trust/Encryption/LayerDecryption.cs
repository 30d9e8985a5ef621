using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Opens the keys of encrypted layers by private keys.</summary>
internal sealed class LayerDecryption : IDisposable
{
    private readonly IReadOnlyList<RSA> _keys;

    private LayerDecryption(IReadOnlyList<RSA> keys) => _keys = keys;

    /// <summary>Whether there is any private key.</summary>
    internal bool HasKeys => _keys.Count > 0;

    /// <summary>Readies private keys; there may be none.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: one can't be used (EncryptionKeyUnusable).</exception>
    internal static LayerDecryption Open(IReadOnlyList<DecryptionKey> keys) => new(KeyFiles.ReadPrivate(keys));

    /// <summary>The keys of all encrypted layers, by the layers' digests.</summary>
    /// <param name="layers">The layers, encrypted ones or not.</param>
    /// <param name="source">What they belong to, for messages.</param>
    /// <exception cref="ContainerEngineException">LayerEncrypted: none of the private keys opens one of them; DataCorrupt; Unsupported: it is encrypted otherwise.</exception>
    internal IReadOnlyDictionary<string, LayerKey> OpenAll(IReadOnlyList<Descriptor> layers, string source)
    {
        var opened = new Dictionary<string, LayerKey>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            if (MediaTypes.IsEncrypted(layer.MediaType) && !opened.ContainsKey(layer.Digest))
                opened.Add(layer.Digest, LayerKey.Open(layer, _keys, source));
        }
        return opened;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }
}
