using System.Globalization;
using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Reads for whom layers are encrypted, and what decrypts them, in the words of podman and skopeo (ocicrypt).</summary>
public static class EncryptionOptions
{
    /// <summary>Reads private keys.</summary>
    /// <param name="words"><c>FILE</c>, <c>FILE:PASSPHRASE</c>, <c>FILE:pass=PASSPHRASE</c>, <c>FILE:file=FILE</c> or <c>FILE:fd=NUMBER</c>.</param>
    /// <param name="resolve">Makes full paths of the caller's.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: the file with a passphrase can't be read. Unsupported: another kind of key.</exception>
    public static IReadOnlyList<DecryptionKey> DecryptionKeys(IEnumerable<string> words, Func<string, string> resolve) => [.. words.Select(word => DecryptionKey(word, resolve))];

    /// <summary>Reads for whom layers are encrypted.</summary>
    /// <param name="keys"><c>jwe:FILE</c>.</param>
    /// <param name="layers">The layers' numbers.</param>
    /// <param name="resolve">Makes full paths of the caller's.</param>
    public static ImageEncryption Encryption(IEnumerable<string> keys, IEnumerable<int> layers, Func<string, string> resolve) => new()
    {
        Keys = [.. keys.Select(key => key.StartsWith("jwe:", StringComparison.Ordinal) ? "jwe:" + resolve(key[4..]) : key)],
        Layers = [.. layers],
    };

    /// <summary>Reads <c>--encryption-key</c> and <c>--encrypt-layer</c>.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument: a layer is no number.</exception>
    internal static ImageEncryption Encryption(ParsedCommand line, CallerContext caller) => Encryption(line.List("encryption-key"), line.List("encrypt-layer").Select(Layer), caller.Resolve);

    /// <summary>Reads <c>--decryption-key</c>.</summary>
    /// <exception cref="ContainerEngineException">As <see cref="DecryptionKeys(IEnumerable{string}, Func{string, string})"/>.</exception>
    internal static IReadOnlyList<DecryptionKey> DecryptionKeys(ParsedCommand line, CallerContext caller) => DecryptionKeys(line.List("decryption-key"), caller.Resolve);

    private static int Layer(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw EngineErrors.InvalidArgument($"\"{text}\" is no number of a layer", text, "count from 0, or from -1 backwards");

    private static DecryptionKey DecryptionKey(string word, Func<string, string> resolve)
    {
        if (word.StartsWith("provider:", StringComparison.Ordinal))
            throw EngineErrors.Unsupported("layers can't be decrypted by programs (provider)", null, "name a file with an RSA key");
        // A path may have a colon itself: what is there as a whole is meant as a whole.
        var colon = File.Exists(resolve(word)) ? -1 : word.IndexOf(':');
        return colon < 0 ? new DecryptionKey(resolve(word), null) : new DecryptionKey(resolve(word[..colon]), Passphrase(word[(colon + 1)..], resolve));
    }

    private static string Passphrase(string secret, Func<string, string> resolve) => secret switch
    {
        _ when secret.StartsWith("pass=", StringComparison.Ordinal) => secret[5..],
        _ when secret.StartsWith("file=", StringComparison.Ordinal) => FirstLine(resolve(secret[5..])),
        _ when secret.StartsWith("fd=", StringComparison.Ordinal) => FirstLine($"/proc/self/fd/{secret[3..]}"),
        _ => secret,
    };

    private static string FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault("");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"the file with the passphrase can't be read: {error.Message}", file);
        }
    }
}
