using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>Signs images as somebody wants them signed. Keys are opened first, so that what is wrong with one is told before anything is sent.</summary>
internal sealed class ImageSigner : IDisposable
{
    private static readonly string s_creator = $"podsharp {typeof(ImageSigner).Assembly.GetName().Version?.ToString(3)}";

    private readonly ImageSigning _wanted;
    private readonly ConfigurationEnvironment _environment;
    private readonly List<SigstorePrivateKey> _keys = [];

    private ImageSigner(ImageSigning wanted, ConfigurationEnvironment environment)
    {
        _wanted = wanted;
        _environment = environment;
    }

    /// <summary>Whether it makes simple signatures.</summary>
    internal bool IsSimple => _wanted.GpgKey is not null || _wanted.SequoiaKey is not null;

    /// <summary>Whether it makes sigstore's.</summary>
    internal bool IsSigstore => _keys.Count > 0;

    /// <summary>Readies the keys; null where nothing is to be signed.</summary>
    /// <exception cref="ContainerEngineException">SigningKeyUnusable; InvalidArgument; Unsupported: it would need an authority's or a log's help.</exception>
    internal static ImageSigner? Open(ImageSigning wanted, ConfigurationEnvironment environment)
    {
        if (wanted.IsEmpty)
            return null;
        var signer = new ImageSigner(wanted, environment);
        try
        {
            if (wanted.Identity is { } identity && ImageReference.Parse(identity) is { Tag: null, Digest: null })
                throw ImageReference.Invalid(identity, "a signature is for a name with a tag or a digest");
            if (wanted.SigstoreKeyFile is { } file)
                signer._keys.Add(SigstorePrivateKey.Open(file, wanted.Passphrase ?? ""));
            if (wanted.SigstoreParameterFile is { } parameters)
                signer._keys.Add(FromParameters(parameters));
            return signer;
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    /// <summary>Makes the signatures.</summary>
    /// <param name="reference">The image's name, with its tag or digest.</param>
    /// <param name="manifest">Its manifest's digest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ContainerEngineException">MissingComponent; SigningFailed.</exception>
    internal Task<IReadOnlyList<ImageSignature>> SignAsync(ImageReference reference, ContentDigest manifest, CancellationToken cancellationToken) =>
        // Programs are waited for: on a thread of its own.
        Task.Factory.StartNew(() => Sign(_wanted.Identity is { } identity ? ImageReference.Parse(identity).ToString() : reference.StoredName, manifest, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    private IReadOnlyList<ImageSignature> Sign(string name, ContentDigest manifest, CancellationToken cancellationToken)
    {
        var made = new List<ImageSignature>();
        byte[] Content(string type) => SignedContent.Write(type, name, manifest.ToString(), s_creator, DateTimeOffset.UtcNow);
        if (_wanted.GpgKey is { } gpg)
            made.Add(new SimpleSignature(OpenPgpSigner.SignByGpg(gpg, Content(SignedContent.SimpleType), _wanted.Passphrase, _environment, cancellationToken)));
        if (_wanted.SequoiaKey is { } sequoia)
            made.Add(new SimpleSignature(OpenPgpSigner.SignBySequoia(sequoia, Content(SignedContent.SimpleType), _wanted.Passphrase, _environment, cancellationToken)));
        foreach (var key in _keys)
        {
            var content = Content(SignedContent.SigstoreType);
            made.Add(new SigstoreSignature(SigstoreSignature.PayloadType, content,
                new Dictionary<string, string> { [SigstoreSignature.SignatureKey] = Convert.ToBase64String(key.Sign(content)) }));
        }
        return made;
    }

    private static SigstorePrivateKey FromParameters(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(YamlDocument.ToJson(File.ReadAllBytes(file)));
            var members = StrictJson.Members(document.RootElement, "it", ["privateKeyFile", "privateKeyPassphraseFile", "fulcio", "rekorURL"]);
            if (members.ContainsKey("fulcio") || members.ContainsKey("rekorURL"))
                throw EngineErrors.Unsupported($"{file} asks for a certificate of Fulcio or an entry in a log of Rekor, which needs services on the network that the engine doesn't talk to", file,
                    "sign with privateKeyFile alone, or with cosign");
            var key = members.Text("privateKeyFile") ?? throw new JsonException("it has no privateKeyFile");
            return SigstorePrivateKey.Open(key, members.Text("privateKeyPassphraseFile") is { } passphrase ? File.ReadLines(passphrase).FirstOrDefault("") : "");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.InvalidArgument($"the signing parameters {file} can't be used: {error.Message}", file, "see containers-sigstore-signing-params.yaml(5)");
        }
    }
}
