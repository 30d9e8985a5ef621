using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Podsharp.Engine.Trust;

/// <summary>A log's promise that it has recorded a signature (Rekor's "signed entry timestamp", as cosign attaches it). It is checked with the log's
/// public key; the log itself is not asked.</summary>
internal static class RekorReceipt
{
    /// <summary>Checks a receipt.</summary>
    /// <param name="bundle">The receipt.</param>
    /// <param name="logs">The public keys of logs.</param>
    /// <param name="signer">The signer's public key or certificate in PEM.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="payload">What is signed.</param>
    /// <param name="time">When the log took it in.</param>
    /// <returns>Null where a log promises just this; else why not.</returns>
    internal static string? Check(string bundle, IReadOnlyList<SigstoreKey> logs, string signer, byte[] signature, byte[] payload, out DateTimeOffset time)
    {
        time = default;
        try
        {
            using var document = JsonDocument.Parse(bundle);
            var members = StrictJson.Exactly(document.RootElement, "the receipt", "SignedEntryTimestamp", "Payload");
            var promised = StrictJson.Exactly(members["Payload"], "\"Payload\"", "body", "integratedTime", "logIndex", "logID");
            var promise = StrictJson.Bytes(members.Text("SignedEntryTimestamp") ?? "", "SignedEntryTimestamp");
            var canonical = Canonical(promised);
            if (!logs.Any(log => log.IsEc && log.Verify(canonical, promise)))
                return "its receipt was not given by a log that the policy names";
            time = DateTimeOffset.FromUnixTimeSeconds(Number(promised, "integratedTime"));
            return CheckEntry(StrictJson.Bytes(promised.Text("body") ?? "", "body"), signer, signature, payload);
        }
        catch (Exception error) when (error is JsonException or CryptographicException or ArgumentOutOfRangeException)
        {
            return $"its receipt is not understood: {error.Message}";
        }
    }

    /// <summary>What the log has recorded: this signature, by this signer, of this content.</summary>
    private static string? CheckEntry(byte[] body, string signer, byte[] signature, byte[] payload)
    {
        using var document = JsonDocument.Parse(body);
        var entry = StrictJson.Members(document.RootElement, "the entry", null);
        if (entry.Text("kind") != "hashedrekord" || entry.Text("apiVersion") != "0.0.1")
            return "its receipt is for an entry of an unknown kind";
        var spec = StrictJson.Members(Member(entry, "spec"), "\"spec\"", null);
        var recorded = StrictJson.Members(Member(spec, "signature"), "\"signature\"", null);
        var key = StrictJson.Members(Member(recorded, "publicKey"), "\"publicKey\"", null);
        if (!Pem.Decode(StrictJson.Bytes(key.Text("content") ?? "", "publicKey")).Content.AsSpan().SequenceEqual(Pem.Decode(Encoding.UTF8.GetBytes(signer)).Content))
            return "its receipt is for another signer";
        if (!StrictJson.Bytes(recorded.Text("content") ?? "", "signature").AsSpan().SequenceEqual(signature))
            return "its receipt is for another signature";
        var hash = StrictJson.Members(Member(StrictJson.Members(Member(spec, "data"), "\"data\"", null), "hash"), "\"hash\"", null);
        return hash.Text("algorithm") == "sha256" && string.Equals(hash.Text("value"), Convert.ToHexStringLower(SHA256.HashData(payload)), StringComparison.OrdinalIgnoreCase)
            ? null : "its receipt is for another content";
    }

    // RFC 8785, which is little for three members of base64 and hexadecimal, and whole numbers.
    private static byte[] Canonical(Dictionary<string, JsonElement> payload)
    {
        var (body, log) = (payload.Text("body") ?? "", payload.Text("logID") ?? "");
        if (body.AsSpan().IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") >= 0 || log.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") >= 0)
            throw new JsonException("\"body\" or \"logID\" is not what it should be");
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"body":"{{body}}","integratedTime":{{Number(payload, "integratedTime")}},"logID":"{{log}}","logIndex":{{Number(payload, "logIndex")}}}"""));
    }

    private static JsonElement Member(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) ? value : throw new JsonException($"\"{name}\" is missing");

    private static long Number(Dictionary<string, JsonElement> members, string name) =>
        members[name].ValueKind == JsonValueKind.Number && members[name].TryGetInt64(out var number) ? number : throw new JsonException($"\"{name}\" is not a whole number");
}
