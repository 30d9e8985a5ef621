namespace Podsharp.Model;

/// <summary>A log-out from a registry.</summary>
public sealed record RegistryLogoutRequest
{
    /// <summary>What was logged in to; null for the first of registries.conf's search registries.</summary>
    public string? Registry { get; init; }
    /// <summary>All that the file knows, in place of one.</summary>
    public bool All { get; init; }
    /// <summary>The auth file; the usual one when null.</summary>
    public string? AuthFile { get; init; }
    /// <summary>A file in Docker's format, in place of the auth file.</summary>
    public string? CompatibleAuthFile { get; init; }
}
