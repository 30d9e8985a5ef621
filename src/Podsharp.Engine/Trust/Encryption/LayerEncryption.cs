using System.Security.Cryptography;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Encrypts layers for the owners of some keys.</summary>
internal sealed class LayerEncryption : IDisposable
{
    private readonly IReadOnlyList<RSA> _recipients;
    private readonly IReadOnlyList<int> _layers;

    private LayerEncryption(IReadOnlyList<RSA> recipients, IReadOnlyList<int> layers) => (_recipients, _layers) = (recipients, layers);

    /// <summary>Readies the keys; null where nothing is to be encrypted.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a key can't be used (EncryptionKeyUnusable), or layers are named and no key. Unsupported: another kind of key.</exception>
    internal static LayerEncryption? Open(ImageEncryption wanted)
    {
        if (wanted.IsEmpty)
            return null;
        return wanted.Keys.Count > 0 ? new LayerEncryption(KeyFiles.ReadPublic(wanted.Keys), wanted.Layers)
            : throw EngineErrors.InvalidArgument("layers to encrypt are named, but no key", null, "give a public key with --encryption-key");
    }

    /// <summary>The layers that are to be encrypted, by their numbers.</summary>
    /// <param name="count">How many the image has.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: there is no such layer.</exception>
    internal IReadOnlySet<int> Choose(int count) => _layers.Count == 0 ? Enumerable.Range(0, count).ToHashSet()
        : _layers.Select(number => number >= -count && number < count ? (number + count) % count
            : throw EngineErrors.InvalidArgument($"there is no layer {number} to encrypt: the image has {count}", null, "count from 0, or from -1 backwards")).ToHashSet();

    /// <summary>Describes an encrypted layer.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="code">Its authentication code.</param>
    /// <param name="plain">Digest of the blob as it was before.</param>
    /// <returns>The annotations that stand beside it.</returns>
    internal Dictionary<string, string> Describe(LayerKey key, byte[] code, ContentDigest plain)
    {
        // Several layers may be done at once, and keys are not for several threads.
        lock (_recipients)
            return (key with { Code = code }).ToAnnotations(_recipients, plain);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var recipient in _recipients)
            recipient.Dispose();
    }
}
