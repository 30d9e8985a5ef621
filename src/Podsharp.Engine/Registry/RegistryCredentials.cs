using System.Text;

namespace Podsharp.Engine.Registry;

/// <summary>What a registry asks for.</summary>
/// <param name="UserName">User name; empty with an identity token.</param>
/// <param name="Password">Password.</param>
/// <param name="IdentityToken">OAuth 2 refresh token, or null.</param>
internal sealed record RegistryCredentials(string UserName, string Password, string? IdentityToken = null)
{
    /// <summary>A token that the registry takes as it is, in the place of all else; null for none.</summary>
    internal string? BearerToken { get; init; }

    /// <summary>The parameter of the scheme <c>Basic</c> (RFC 7617).</summary>
    internal string ToBasicParameter() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Password}"));

    /// <summary>Secrets stay out of logs and error messages.</summary>
    public override string ToString() => $"credentials of {(UserName.Length > 0 ? UserName : "a token")}";
}
