using System.Security.Cryptography;
using System.Text.Json;
using Podsharp.Engine.Images;
using Podsharp.Engine.Json;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>The key of an encrypted layer, and how it is written beside the layer (ocicrypt, annotations <c>org.opencontainers.image.enc.*</c>).</summary>
/// <param name="Key">The key.</param>
/// <param name="Nonce">The first counter.</param>
/// <param name="Code">The authentication code; empty while it isn't known.</param>
internal sealed record LayerKey(byte[] Key, byte[] Nonce, byte[] Code)
{
    private const string CipherName = "AES_256_CTR_HMAC_SHA256";
    private const string Prefix = "org.opencontainers.image.enc.";
    private const string WrappedKeys = Prefix + "keys.jwe";
    private const string PublicOptions = Prefix + "pubopts";

    /// <summary>A new one.</summary>
    internal static LayerKey Create() => new(RandomNumberGenerator.GetBytes(LayerCipher.KeyLength), RandomNumberGenerator.GetBytes(LayerCipher.NonceLength), []);

    /// <summary>Begins to encrypt or decrypt with it.</summary>
    internal LayerCipher Begin() => new(Key, Nonce);

    /// <summary>What stands beside the layer: the key for its recipients, and what is no secret.</summary>
    /// <param name="recipients">Whose keys open it.</param>
    /// <param name="plain">Digest of the layer as it was before.</param>
    internal Dictionary<string, string> ToAnnotations(IReadOnlyList<RSA> recipients, ContentDigest plain)
    {
        var secret = JsonFields.Document(this, (json, key) =>
        {
            json.WriteBase64String("symkey", key.Key);
            json.WriteString("digest", plain.ToString());
            json.WriteStartObject("cipheroptions");
            json.WriteBase64String("nonce", key.Nonce);
            json.WriteEndObject();
        });
        var open = JsonFields.Document(this, static (json, key) =>
        {
            json.WriteString("cipher", CipherName);
            json.WriteBase64String("hmac", key.Code);
            json.WriteStartObject("cipheroptions");
            json.WriteEndObject();
        });
        return new Dictionary<string, string>
        {
            [WrappedKeys] = Convert.ToBase64String(KeyWrap.Wrap(secret, recipients)),
            [PublicOptions] = Convert.ToBase64String(open),
        };
    }

    /// <summary>Opens a layer's key.</summary>
    /// <param name="layer">The layer's description.</param>
    /// <param name="keys">Private keys to try.</param>
    /// <param name="source">What the layer belongs to, for messages.</param>
    /// <exception cref="ContainerEngineException">LayerEncrypted: none of the keys opens it; DataCorrupt; Unsupported: it is encrypted otherwise.</exception>
    internal static LayerKey Open(Descriptor layer, IReadOnlyList<RSA> keys, string source)
    {
        var annotations = layer.Annotations ?? [];
        if (!annotations.TryGetValue(WrappedKeys, out var wrapped))
            throw EngineErrors.Unsupported($"the layer {layer.Digest} of {source} is encrypted for keys that are not JWE's", source, "only RSA keys by JWE are known here");
        if (keys.Count == 0)
            throw Locked(layer, source, "a private key is needed to decrypt it");
        try
        {
            foreach (var one in wrapped.Split(','))
            {
                if (KeyWrap.Unwrap(StrictJson.Bytes(one, WrappedKeys), keys) is { } secret)
                    return Read(secret, StrictJson.Bytes(annotations.GetValueOrDefault(PublicOptions) ?? "", PublicOptions));
            }
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerKeyCorrupt", $"the key of the encrypted layer {layer.Digest} of {source} can't be read: {error.Message}", source,
                "pull the image again, or from another registry", error);
        }
        throw Locked(layer, source, "none of the private keys opens it");
    }

    /// <summary>Describes a layer as it is without its encryption.</summary>
    /// <param name="layer">The encrypted layer.</param>
    /// <param name="digest">Digest of the plain blob.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="compression">How it is compressed.</param>
    internal static Descriptor Plain(Descriptor layer, string digest, long size, LayerCompression compression) => layer with
    {
        MediaType = compression is LayerCompression.None or LayerCompression.Gzip or LayerCompression.Zstd ? MediaTypes.Layer(ImageFormat.Oci, compression)
            : MediaTypes.Decrypted(layer.MediaType),
        Digest = digest,
        Size = size,
        Urls = null,
        Annotations = layer.Annotations?.Where(pair => !pair.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal),
    };

    private static LayerKey Read(byte[] secret, byte[] open)
    {
        using var hidden = JsonDocument.Parse(secret);
        using var shown = JsonDocument.Parse(open);
        var members = StrictJson.Members(hidden.RootElement, "the key", null);
        var options = StrictJson.Members(shown.RootElement, PublicOptions, null);
        if (options.Text("cipher") != CipherName)
            throw new JsonException($"the cipher {options.Text("cipher")} is not known");
        var nonce = NonceOf(options) ?? NonceOf(members) ?? "";
        var key = new LayerKey(StrictJson.Bytes(members.Text("symkey") ?? "", "symkey"), StrictJson.Bytes(nonce, "nonce"), StrictJson.Bytes(options.Text("hmac") ?? "", "hmac"));
        return key is { Key.Length: LayerCipher.KeyLength, Nonce.Length: LayerCipher.NonceLength, Code.Length: > 0 } ? key : throw new JsonException("key, nonce or code is missing");
    }

    private static string? NonceOf(Dictionary<string, JsonElement> members) => members.TryGetValue("cipheroptions", out var options) && options.ValueKind == JsonValueKind.Object
        ? StrictJson.Members(options, "\"cipheroptions\"", null).Text("nonce") : null;

    private static ContainerEngineException Locked(Descriptor layer, string source, string why) => new(ErrorKind.PermissionDenied, "LayerEncrypted",
        $"the layer {layer.Digest} of {source} is encrypted: {why}", source, "give the key with --decryption-key");
}
