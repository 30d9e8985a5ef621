namespace Podsharp.Engine.Registry;

/// <summary>Credentials and where they were found.</summary>
/// <param name="Credentials">The credentials.</param>
/// <param name="StoredIn">Path of the file, or <c>credential helper: NAME</c>.</param>
internal sealed record StoredCredentials(RegistryCredentials Credentials, string StoredIn);

/// <summary>Which file credentials are in, where the user has named one.</summary>
/// <param name="File">Path; null for the usual ones.</param>
/// <param name="IsDockers">Whether it is Docker's: credentials for parts of a registry have no place in it, and Docker Hub has another key.</param>
internal sealed record CredentialPlace(string? File, bool IsDockers = false)
{
    /// <summary>The usual files.</summary>
    internal static CredentialPlace Usual { get; } = new((string?)null);

    /// <summary>What a helper's name becomes in messages and results.</summary>
    internal static string OfHelper(string name) => "credential helper: " + name;
}
