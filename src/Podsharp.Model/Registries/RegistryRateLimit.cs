namespace Podsharp.Model;

/// <summary>How much a registry lets one fetch, as it says with its answers (Docker Hub: <c>ratelimit-limit</c>, <c>ratelimit-remaining</c>).</summary>
/// <param name="Limit">Manifests in each period.</param>
/// <param name="Remaining">How many are left; null where it doesn't say.</param>
/// <param name="Period">The period; null where it doesn't say.</param>
public sealed record RegistryRateLimit(int Limit, int? Remaining, TimeSpan? Period);
