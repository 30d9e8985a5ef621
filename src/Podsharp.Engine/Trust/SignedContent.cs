using System.Text.Json;
using Podsharp.Engine.Images;
using Podsharp.Engine.Json;

namespace Podsharp.Engine.Trust;

/// <summary>What a signature says: this manifest is the image of that name. The same JSON in both kinds but for its type
/// (containers-signature(5), "JSON data format").</summary>
internal static class SignedContent
{
    /// <summary>The type in simple signatures.</summary>
    internal const string SimpleType = "atomic container signature";

    /// <summary>The type in sigstore's.</summary>
    internal const string SigstoreType = "cosign container image signature";

    /// <summary>Compares what has been signed with an image. The signature itself must have been verified before.</summary>
    /// <returns>Null where it fits; else why it doesn't.</returns>
    internal static string? Check(ReadOnlyMemory<byte> content, string type, SignedIdentity identity, ImageReference? image, ReadOnlySpan<byte> manifest)
    {
        try
        {
            var (name, digest) = Read(content, type);
            if (!ContentDigest.TryParse(digest, out var signed) || signed.Same(manifest) != signed)
                return $"it signs another manifest ({digest})";
            return identity.Accepts(image, name) ? null : $"it is for the name {name}, which is not accepted for this image";
        }
        catch (JsonException error)
        {
            return $"what it signs is not understood: {error.Message}";
        }
    }

    /// <summary>Name and digest that are signed.</summary>
    /// <exception cref="JsonException">It says something else, or more.</exception>
    internal static (string Name, string Digest) Read(ReadOnlyMemory<byte> content, string type)
    {
        using var document = JsonDocument.Parse(content);
        var members = StrictJson.Exactly(document.RootElement, "the signed content", "critical", "optional");
        CheckOptional(members["optional"], type);
        var critical = StrictJson.Exactly(members["critical"], "\"critical\"", "type", "image", "identity");
        if (critical.Text("type") != type)
            throw new JsonException($"its type is not \"{type}\"");
        var digest = StrictJson.Exactly(critical["image"], "\"image\"", "docker-manifest-digest").Text("docker-manifest-digest");
        var name = StrictJson.Exactly(critical["identity"], "\"identity\"", "docker-reference").Text("docker-reference");
        return (name ?? "", digest ?? "");
    }

    /// <summary>Makes the content to sign.</summary>
    /// <param name="type">One of the two types.</param>
    /// <param name="name">The image's name, with its tag.</param>
    /// <param name="digest">Its manifest's digest.</param>
    /// <param name="creator">Who makes it.</param>
    /// <param name="now">When.</param>
    internal static byte[] Write(string type, string name, string digest, string creator, DateTimeOffset now) => JsonFields.Document(name, (json, _) =>
    {
        json.WriteStartObject("critical");
        json.WriteStartObject("identity");
        json.WriteString("docker-reference", name);
        json.WriteEndObject();
        json.WriteStartObject("image");
        json.WriteString("docker-manifest-digest", digest);
        json.WriteEndObject();
        json.WriteString("type", type);
        json.WriteEndObject();
        json.WriteStartObject("optional");
        json.WriteString("creator", creator);
        json.WriteNumber("timestamp", now.ToUnixTimeSeconds());
        json.WriteEndObject();
    });

    // cosign writes null where there is nothing.
    private static void CheckOptional(JsonElement optional, string type)
    {
        if (optional.ValueKind == JsonValueKind.Null && type == SigstoreType)
            return;
        var members = StrictJson.Members(optional, "\"optional\"", null);
        _ = members.Text("creator");
        if (members.TryGetValue("timestamp", out var time) && (time.ValueKind != JsonValueKind.Number || !time.TryGetDouble(out var seconds) || seconds != Math.Floor(seconds)))
            throw new JsonException("\"timestamp\" is not a whole number");
    }
}
