namespace Podsharp.Model;

/// <summary>A registry that credentials are stored for. It never holds the secret.</summary>
public sealed record RegistrySession
{
    /// <summary>The registry, or the part of it (<c>registry/namespace</c>), that the credentials are for.</summary>
    public required string Registry { get; init; }
    /// <summary>The user name; empty with an identity token.</summary>
    public string UserName { get; init; } = "";
    /// <summary>Whether an identity token is stored in place of a password.</summary>
    public bool HasIdentityToken { get; init; }
    /// <summary>Where they are kept: the path of a file, or <c>credential helper: NAME</c>.</summary>
    public string StoredIn { get; init; } = "";
}
