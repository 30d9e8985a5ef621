using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Trust.Encryption;

/// <summary>Small secrets for the owners of RSA keys: JWE (RFC 7516) in its JSON forms, RSA-OAEP and AES-GCM, as ocicrypt wraps the keys of layers.</summary>
internal static class KeyWrap
{
    private const string Oaep = "RSA-OAEP";
    private const string Oaep256 = "RSA-OAEP-256";
    private const string Content = "A256GCM";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Wraps a secret so that each of the keys opens it.</summary>
    internal static byte[] Wrap(byte[] secret, IReadOnlyList<RSA> keys)
    {
        var inner = RandomNumberGenerator.GetBytes(LayerCipher.KeyLength);
        // Flat for one recipient, a list for several: in the list each has a header of its own.
        var header = keys.Count == 1 ? $$"""{"alg":"{{Oaep}}","enc":"{{Content}}"}""" : $$"""{"enc":"{{Content}}"}""";
        var @protected = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        var (nonce, text, tag) = (RandomNumberGenerator.GetBytes(NonceLength), new byte[secret.Length], new byte[TagLength]);
        using (var gcm = new AesGcm(inner, TagLength))
            gcm.Encrypt(nonce, secret, text, tag, Encoding.ASCII.GetBytes(@protected));
        var wrapped = keys.Select(key => Base64Url.EncodeToString(key.Encrypt(inner, RSAEncryptionPadding.OaepSHA1))).ToList();
        CryptographicOperations.ZeroMemory(inner);
        return JsonFields.Document(wrapped, (json, encrypted) =>
        {
            json.WriteString("protected", @protected);
            if (encrypted.Count == 1)
                json.WriteString("encrypted_key", encrypted[0]);
            else
                json.Field("recipients", encrypted, WriteRecipient);
            json.WriteString("iv", Base64Url.EncodeToString(nonce));
            json.WriteString("ciphertext", Base64Url.EncodeToString(text));
            json.WriteString("tag", Base64Url.EncodeToString(tag));
        });
    }

    private static void WriteRecipient(Utf8JsonWriter json, string encrypted)
    {
        json.WriteStartObject("header");
        json.WriteString("alg", Oaep);
        json.WriteEndObject();
        json.WriteString("encrypted_key", encrypted);
    }

    /// <summary>Opens a wrapped secret; null where none of the keys is for it.</summary>
    /// <exception cref="JsonException">It is not understood.</exception>
    internal static byte[]? Unwrap(byte[] wrapped, IReadOnlyList<RSA> keys)
    {
        using var document = JsonDocument.Parse(wrapped);
        var members = StrictJson.Members(document.RootElement, "the wrapped key", null);
        var @protected = members.Text("protected") ?? "";
        var shared = Header(@protected.Length > 0 ? Decode(@protected, "protected") : "{}"u8.ToArray());
        var aad = Encoding.ASCII.GetBytes(members.Text("aad") is { } more ? $"{@protected}.{more}" : @protected);
        foreach (var recipient in Recipients(document.RootElement, members))
        {
            var own = StrictJson.Members(recipient, "a recipient", null);
            var algorithm = (own.TryGetValue("header", out var header) ? StrictJson.Members(header, "\"header\"", null).Text("alg") : null) ?? shared.Text("alg");
            foreach (var key in algorithm is Oaep or Oaep256 ? keys : [])
            {
                if (TryOpen(key, algorithm == Oaep ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256, Decode(own.Text("encrypted_key") ?? "", "encrypted_key")) is { } inner)
                    return Open(inner, members, aad);
            }
        }
        return null;
    }

    private static JsonElement[] Recipients(JsonElement root, Dictionary<string, JsonElement> members) => !members.TryGetValue("recipients", out var list) ? [root]
        : list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : throw new JsonException("\"recipients\" is not a list");

    private static Dictionary<string, JsonElement> Header(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var header = StrictJson.Members(document.RootElement.Clone(), "\"protected\"", null);
        return header.ContainsKey("crit") || header.ContainsKey("zip") || header.Text("enc") is not ("A128GCM" or "A192GCM" or Content)
            ? throw new JsonException($"it is encrypted in a way that is not known ({header.Text("enc")})") : header;
    }

    private static byte[]? TryOpen(RSA key, RSAEncryptionPadding padding, byte[] encrypted)
    {
        try
        {
            return key.Decrypt(encrypted, padding);
        }
        catch (CryptographicException)
        {
            return null; // it is for another key
        }
    }

    private static byte[] Open(byte[] inner, Dictionary<string, JsonElement> members, byte[] aad)
    {
        try
        {
            var text = Decode(members.Text("ciphertext") ?? "", "ciphertext");
            var secret = new byte[text.Length];
            using var gcm = new AesGcm(inner, TagLength);
            gcm.Decrypt(Decode(members.Text("iv") ?? "", "iv"), text, Decode(members.Text("tag") ?? "", "tag"), secret, aad);
            return secret;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new JsonException("it was tampered with", error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(inner);
        }
    }

    private static byte[] Decode(string text, string name)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw new JsonException($"\"{name}\" is not base64url");
        }
    }
}
