using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Answers a registry's challenges: basic credentials, or tokens, which are kept per scope until they expire.</summary>
internal sealed class RegistryAuthenticator(HttpClient http, string host, RegistryCredentials? credentials)
{
    private const int LongestAnswer = 1024 * 1024;
    private const string ClientId = "podsharp";
    private readonly ConcurrentDictionary<string, BearerToken> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile IReadOnlyList<AuthenticationChallenge> _challenges = [];

    /// <summary>Whether there are credentials.</summary>
    internal bool HasCredentials => credentials is not null;

    /// <summary>Remembers what the registry wants. Set by the ping, and again by any 401.</summary>
    internal void Remember(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var headers))
        {
            _challenges = AuthenticationChallenge.Parse(headers);
        }
    }

    /// <summary>The header for a request; null for none.</summary>
    /// <param name="scope">What the request does, as <c>repository:NAME:pull</c>.</param>
    /// <param name="renew">Whether the last token was refused.</param>
    /// <param name="registry">The registry's address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ContainerEngineException">The authorisation service refused (<c>Unauthorized</c>).</exception>
    internal async Task<AuthenticationHeaderValue?> GetHeaderAsync(string scope, bool renew, Uri registry, CancellationToken cancellationToken)
    {
        if (credentials?.BearerToken is { } given)
        {
            return new AuthenticationHeaderValue("Bearer", given);
        }
        var challenges = _challenges;
        if (challenges.FirstOrDefault(challenge => challenge.Scheme == "bearer" && challenge["realm"] is not null) is { } bearer)
        {
            var token = await GetTokenAsync(bearer, scope, renew, registry, cancellationToken);
            return new AuthenticationHeaderValue("Bearer", token.Value);
        }
        return credentials is { IdentityToken: null } && challenges.Any(challenge => challenge.Scheme == "basic")
            ? new AuthenticationHeaderValue("Basic", credentials.ToBasicParameter())
            : null;
    }

    private async Task<BearerToken> GetTokenAsync(AuthenticationChallenge challenge, string scope, bool renew, Uri registry, CancellationToken cancellationToken)
    {
        // A 401 in the middle may ask for another scope than we thought of.
        var wanted = renew && challenge["scope"] is { Length: > 0 } asked && !scope.Contains(asked, StringComparison.Ordinal) ? $"{scope} {asked}" : scope;
        var before = _tokens.GetValueOrDefault(scope);
        if (!renew && before is not null && before.Expires > DateTimeOffset.UtcNow)
        {
            return before;
        }
        // Layers start together: one of them fetches the token, the others find it.
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_tokens.TryGetValue(scope, out var other) && other != before && other.Expires > DateTimeOffset.UtcNow)
            {
                return other;
            }
            var token = await FetchTokenAsync(challenge, wanted, registry, cancellationToken);
            _tokens[scope] = token;
            return token;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<BearerToken> FetchTokenAsync(AuthenticationChallenge challenge, string scopes, Uri registry, CancellationToken cancellationToken)
    {
        var realm = challenge["realm"]!;
        var what = $"authorising at {realm} for {host}";
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") ||
            (registry.Scheme == Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ContainerEngineException(ErrorKind.Unauthorized, "TokenRealmRefused",
                $"{what}: credentials are not sent to that address, because it is not secure", realm, "the registry is misconfigured");
        }
        using var request = credentials?.IdentityToken is { } identity
            ? RefreshRequest(address, challenge["service"], scopes, identity)
            : GetRequest(address, challenge["service"], scopes);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await RegistryErrors.FromResponseAsync(response, what, host, HasCredentials, cancellationToken);
            }
            var body = await LimitedBody.ReadAsync(response, LongestAnswer, "the token", cancellationToken);
            return BearerToken.Parse(body, realm, DateTimeOffset.UtcNow);
        }
        catch (HttpRequestException error)
        {
            throw RegistryErrors.FromException(error, what, address.Authority);
        }
    }

    private HttpRequestMessage GetRequest(Uri realm, string? service, string scopes)
    {
        var query = new List<string>();
        Add(query, "account", credentials?.UserName);
        Add(query, "service", service);
        foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Add(query, "scope", scope);
        }
        var separator = realm.Query.Length > 1 ? '&' : '?';
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{realm.AbsoluteUri.TrimEnd('?')}{separator}{string.Join('&', query)}"));
        if (credentials is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials.ToBasicParameter());
        }
        return request;
    }

    private static HttpRequestMessage RefreshRequest(Uri realm, string? service, string scopes, string identityToken) =>
        new(HttpMethod.Post, realm)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"), new("refresh_token", identityToken), new("client_id", ClientId),
                new("service", service ?? ""), new("scope", scopes),
            ]),
        };

    private static void Add(List<string> query, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            query.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}
