using Podsharp.Model;
using Podsharp.Orchestration.CommandLine;
using Podsharp.Orchestration.Containers;

namespace Podsharp.Orchestration.Images;

/// <summary>Makes a push request of a command line.</summary>
public static class PushRequestBuilder
{
    /// <summary>Builds the request.</summary>
    /// <exception cref="ContainerEngineException">An option's value can't be understood.</exception>
    public static ImagePushRequest Build(ParsedCommand line, CallerContext caller) => new()
    {
        Image = line.Arguments[0],
        Destination = line.Arguments.Count > 1 ? line.Arguments[1] : null,
        Format = Format(line.Text("format")),
        Compression = Compression(line.Text("compression-format")),
        CompressionLevel = line.Number("compression-level") is { } level ? (int)Math.Clamp(level, int.MinValue, int.MaxValue) : null,
        ForceCompression = line.Flag("force-compression"),
        RemoveSignatures = line.Flag("remove-signatures"),
        Signing = Signing(line, caller),
        Encryption = EncryptionOptions.Encryption(line, caller),
        Registry = ContainerSpecBuilder.Registry(line, caller),
    };

    /// <summary>Reads how to sign; the passphrase of a private key may still have to be asked for.</summary>
    /// <exception cref="ContainerEngineException">One passphrase is given for several keys, or its file can't be read.</exception>
    public static ImageSigning Signing(ParsedCommand line, CallerContext caller)
    {
        string? Path(string option) => line.Text(option) is { Length: > 0 } path ? caller.Resolve(path) : null;
        string? Key(string option) => line.Text(option) is { Length: > 0 } key ? key : null;
        var signing = new ImageSigning
        {
            GpgKey = Key("sign-by"),
            SequoiaKey = Key("sign-by-sq-fingerprint"),
            SigstoreKeyFile = Path("sign-by-sigstore-private-key"),
            SigstoreParameterFile = Path("sign-by-sigstore"),
        };
        if (Path("sign-passphrase-file") is not { } file)
            return signing;
        return new[] { signing.GpgKey, signing.SequoiaKey, signing.SigstoreKeyFile }.Count(key => key is not null) > 1
            ? throw EngineErrors.InvalidArgument("only one of --sign-by, --sign-by-sq-fingerprint and --sign-by-sigstore-private-key can be used with --sign-passphrase-file", file)
            : signing with { Passphrase = FirstLine(file) };
    }

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

    /// <summary>Reads the name of a form.</summary>
    internal static ImageFormat? Format(string? text) => text switch
    {
        null or "" => null,
        "oci" => ImageFormat.Oci,
        "v2s2" or "docker" => ImageFormat.Docker,
        "v2s1" => throw EngineErrors.Unsupported("Docker's schema 1 (v2s1) is obsolete: registries refuse it", text, "choose oci or v2s2"),
        _ => throw EngineErrors.InvalidArgument($"unknown format \"{text}\". Choose one of the supported formats: 'oci' or 'v2s2'", text),
    };

    /// <summary>Reads the name of a compression.</summary>
    internal static ImageCompression? Compression(string? text) => text switch
    {
        null or "" => null,
        "gzip" => ImageCompression.Gzip,
        "zstd" => ImageCompression.Zstd,
        "zstd:chunked" => throw EngineErrors.Unsupported("layers in zstd:chunked, which can be pulled in parts, can't be made yet", text, "choose zstd: everybody who reads the one reads the other"),
        _ => throw EngineErrors.InvalidArgument($"cannot find compressor for \"{text}\"", text, "choose gzip or zstd"),
    };
}
