using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Podsharp.Binding;

/// <summary>Secure strings to bytes and back; plain text in between is wiped.</summary>
internal static class SecretText
{
    /// <summary>The text as UTF-8. The caller wipes it.</summary>
    internal static byte[] ToBytes(SecureString text)
    {
        var plain = Marshal.SecureStringToGlobalAllocUnicode(text);
        var letters = new char[text.Length];
        try
        {
            Marshal.Copy(plain, letters, 0, letters.Length);
            return Encoding.UTF8.GetBytes(letters);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(plain);
            Array.Clear(letters);
        }
    }

    /// <summary>Bytes, read as UTF-8, as a secure string; they are wiped.</summary>
    internal static SecureString FromBytes(Span<byte> bytes)
    {
        var letters = new char[Encoding.UTF8.GetCharCount(bytes)];
        Encoding.UTF8.GetChars(bytes, letters);
        var text = new SecureString();
        foreach (var letter in letters)
            text.AppendChar(letter);
        text.MakeReadOnly();
        Array.Clear(letters);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }
}
