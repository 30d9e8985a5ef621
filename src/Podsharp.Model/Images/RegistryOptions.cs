using System.Text.Json.Serialization;

namespace Podsharp.Model;

/// <summary>How to talk to a registry. What is null comes from the host's configuration.</summary>
public sealed record RegistryOptions
{
    /// <summary>auth.json to read.</summary>
    public string? AuthFile { get; init; }
    /// <summary>User name, with <see cref="Password"/>; empty for no credentials at all, whatever the files say.</summary>
    public string? UserName { get; init; }
    /// <summary>Password; never stored with a container. Without a user name it is a bearer token, which the registry takes as it is.</summary>
    public string? Password { get; init; }
    /// <summary>Directory of *.crt, *.cert, *.key.</summary>
    public string? CertificateDirectory { get; init; }
    /// <summary>False skips certificate checks and allows plain http; null leaves it to registries.conf.</summary>
    public bool? TlsVerify { get; init; }
    /// <summary>The policy.json by which images are accepted; the user's or the host's when null.</summary>
    public string? SignaturePolicy { get; init; }
    /// <summary>Private keys that open encrypted layers; never stored with a container.</summary>
    [JsonIgnore]
    public IReadOnlyList<DecryptionKey> DecryptionKeys { get; init; } = [];
    /// <summary>Retries after transient failures; 3 when null.</summary>
    public int? Retry { get; init; }
    /// <summary>Wait between retries; exponential when null.</summary>
    public TimeSpan? RetryDelay { get; init; }
}
