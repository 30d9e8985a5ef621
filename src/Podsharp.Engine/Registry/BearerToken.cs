using System.Text.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>A token of a registry's authorisation service (distribution: "Token Authentication Specification").</summary>
/// <param name="Value">The token.</param>
/// <param name="Expires">When to get a new one, with a margin.</param>
internal sealed record BearerToken(string Value, DateTimeOffset Expires)
{
    private const int ShortestLifetime = 60;

    /// <summary>Reads a service's answer.</summary>
    /// <exception cref="ContainerEngineException">It holds no token (<c>Unauthorized</c>).</exception>
    internal static BearerToken Parse(ReadOnlyMemory<byte> json, string realm, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var value = Text(root, "token") ?? Text(root, "access_token");
            if (value is not null)
            {
                var seconds = root.TryGetProperty("expires_in", out var lifetime) && lifetime.TryGetInt32(out var number) ? number : 0;
                // Counted from now rather than from issued_at: the service's clock may differ from ours.
                return new BearerToken(value, now.AddSeconds(Math.Max(seconds, ShortestLifetime) * 0.8));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Invalid(realm, error);
        }
        throw Invalid(realm, null);
    }

    /// <summary>Tokens stay out of logs and error messages.</summary>
    public override string ToString() => $"token until {Expires:O}";

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static ContainerEngineException Invalid(string realm, Exception? cause) =>
        new(ErrorKind.Unauthorized, "TokenInvalid", $"the authorisation service {realm} gave no token", realm, innerException: cause);
}
