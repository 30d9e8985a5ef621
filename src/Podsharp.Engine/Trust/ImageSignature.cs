using System.Text.Json;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Trust;

/// <summary>A signature of an image, not looked at yet.</summary>
internal abstract record ImageSignature
{
    private static readonly byte[] s_sigstoreHead = [0, .. "sigstore-json\n"u8];

    /// <summary>The form in which it is kept in files and in the store (containers/image, "signature blobs").</summary>
    internal abstract byte[] ToBlob();

    /// <summary>Reads that form.</summary>
    internal static ImageSignature FromBlob(byte[] blob)
    {
        if (!blob.AsSpan().StartsWith(s_sigstoreHead))
            return new SimpleSignature(blob);
        try
        {
            using var document = JsonDocument.Parse(blob.AsMemory(s_sigstoreHead.Length));
            var members = StrictJson.Members(document.RootElement, "the signature", null);
            var annotations = members.TryGetValue("annotations", out var all) && all.ValueKind == JsonValueKind.Object
                ? StrictJson.Members(all, "the annotations", null).ToDictionary(item => item.Key, item => StrictJson.String(item.Value, item.Key), StringComparer.Ordinal) : [];
            return new SigstoreSignature(members.Text("mimeType") ?? "", StrictJson.Bytes(members.Text("payload") ?? "", "payload"), annotations);
        }
        catch (JsonException)
        {
            // Kept as it is; as a signature it is worth nothing.
            return new SimpleSignature(blob);
        }
    }

    private protected static byte[] SigstoreBlob(SigstoreSignature signature) => [.. s_sigstoreHead, .. JsonFields.Document(signature, static (json, value) =>
    {
        json.WriteString("mimeType", value.MediaType);
        json.WriteBase64String("payload", value.Payload);
        json.WriteStartObject("annotations");
        foreach (var (name, text) in value.Annotations)
            json.WriteString(name, text);
        json.WriteEndObject();
    })];
}

/// <summary>A simple signature: a message signed with OpenPGP (containers/image, "containers-signature(5)").</summary>
/// <param name="Content">The message.</param>
internal sealed record SimpleSignature(byte[] Content) : ImageSignature
{
    internal override byte[] ToBlob() => Content;
}

/// <summary>A signature as sigstore's programs make them: a payload, and what signs it.</summary>
/// <param name="MediaType">Type of the payload.</param>
/// <param name="Payload">What is signed.</param>
/// <param name="Annotations">The signature, and what belongs to it.</param>
internal sealed record SigstoreSignature(string MediaType, byte[] Payload, IReadOnlyDictionary<string, string> Annotations) : ImageSignature
{
    /// <summary>The type of payloads that sign images. Other things are attached in the same way.</summary>
    internal const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";

    /// <summary>The signature, in base64.</summary>
    internal const string SignatureKey = "dev.cosignproject.cosign/signature";

    /// <summary>The log's receipt.</summary>
    internal const string BundleKey = "dev.sigstore.cosign/bundle";

    /// <summary>The signer's certificate.</summary>
    internal const string CertificateKey = "dev.sigstore.cosign/certificate";

    /// <summary>The certificates above it.</summary>
    internal const string ChainKey = "dev.sigstore.cosign/chain";

    internal override byte[] ToBlob() => SigstoreBlob(this);

    /// <summary>Whether another one is the same.</summary>
    internal bool IsSame(SigstoreSignature other) => MediaType == other.MediaType && Payload.AsSpan().SequenceEqual(other.Payload) &&
        Annotations.Count == other.Annotations.Count && Annotations.All(item => other.Annotations.TryGetValue(item.Key, out var value) && value == item.Value);
}
