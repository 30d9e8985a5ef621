namespace Podsharp.Model;

/// <summary>A log-in at a registry.</summary>
public sealed record RegistryLoginRequest
{
    /// <summary>Host with its port, or <c>host/namespace</c> or <c>host/namespace/repository</c> for credentials of that part only; null for the
    /// first of registries.conf's search registries.</summary>
    public string? Registry { get; init; }
    /// <summary>User name and password, and how to talk to the registry. Without a user name those are checked that are stored already.
    /// <see cref="RegistryOptions.AuthFile"/> is where they are stored.</summary>
    public RegistryOptions Options { get; init; } = new();
    /// <summary>A file in Docker's format to store them in, in place of the auth file.</summary>
    public string? CompatibleAuthFile { get; init; }
}
