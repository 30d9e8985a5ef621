using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Podsharp.Engine.Trust;

/// <summary>NaCl's secretbox: XSalsa20, and Poly1305 over what it gives. The code comes first, then the encrypted text.</summary>
internal static class SecretBox
{
    private const int CodeLength = 16;
    private const int KeyLength = 32;
    private const int NonceLength = 24;

    /// <summary>Opens a box.</summary>
    /// <returns>The text; null where key or box is wrong.</returns>
    internal static byte[]? Open(byte[] key, byte[] nonce, byte[] box)
    {
        if (key.Length != KeyLength || nonce.Length != NonceLength || box.Length < CodeLength)
            return null;
        var cipher = new XSalsa20Engine();
        cipher.Init(false, new ParametersWithIV(new KeyParameter(key), nonce));
        // The stream's first block is the code's key.
        var codeKey = new byte[KeyLength];
        cipher.ProcessBytes(codeKey, 0, KeyLength, codeKey, 0);
        var code = new Poly1305();
        code.Init(new KeyParameter(codeKey));
        code.BlockUpdate(box, CodeLength, box.Length - CodeLength);
        var actual = new byte[CodeLength];
        code.DoFinal(actual, 0);
        if (!CryptographicOperations.FixedTimeEquals(actual, box.AsSpan(0, CodeLength)))
            return null;
        var text = new byte[box.Length - CodeLength];
        cipher.ProcessBytes(box, CodeLength, text.Length, text, 0);
        return text;
    }
}
