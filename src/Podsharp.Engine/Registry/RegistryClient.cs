using System.Net;
using System.Net.Http.Headers;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>What a registry says when asked for a manifest.</summary>
/// <param name="Bytes">The exact bytes.</param>
/// <param name="ContentType">The media type as the registry calls it, without parameters; null for none.</param>
/// <param name="Digest">The digest of the bytes.</param>
internal sealed record ManifestAnswer(byte[] Bytes, string? ContentType, ContentDigest Digest);

/// <summary>The read side of the distribution specification, at one registry.</summary>
internal sealed class RegistryClient : IDisposable
{
    private const int LargestManifest = 4 * 1024 * 1024;
    private const int MostRedirects = 10;
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly RegistryAuthenticator _authenticator;
    private readonly RetryPolicy _retry;
    private readonly bool _insecure;
    private readonly SemaphoreSlim _ping = new(1);
    private volatile Uri? _base;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="domain">Host as in the image's name, with its port where it has one.</param>
    /// <param name="insecure">Whether unverified TLS and plain http are allowed.</param>
    /// <param name="credentials">Credentials, or null.</param>
    /// <param name="certificates">Certificates for this host.</param>
    /// <param name="proxy">Proxy, or null.</param>
    /// <param name="retry">How often requests are tried again.</param>
    internal RegistryClient(string domain, bool insecure, RegistryCredentials? credentials, CertificateDirectory certificates, IWebProxy? proxy, RetryPolicy retry)
    {
        Host = domain == ImageReference.DockerDomain ? "registry-1.docker.io" : domain;
        _insecure = insecure;
        _retry = retry;
        _http = RegistryHttp.Create(certificates, insecure, proxy);
        _authenticator = new RegistryAuthenticator(_http, domain, credentials);
    }

    /// <summary>Host that is spoken to.</summary>
    internal string Host { get; }

    /// <summary>Told before each further try, with the reason.</summary>
    internal Action<string>? OnRetry { get; init; }

    /// <summary>How often requests are tried again.</summary>
    internal RetryPolicy Retry => _retry;

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _ping.Dispose();
    }

    /// <summary>Fetches a manifest or an index.</summary>
    /// <param name="repository">Path of the repository.</param>
    /// <param name="key">Tag or digest. The bytes are checked against a digest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network; DataCorrupt for bytes of another digest.</exception>
    internal async Task<ManifestAnswer> GetManifestAsync(string repository, string key, CancellationToken cancellationToken)
    {
        var what = $"reading manifest {key} in {Host}/{repository}";
        using var response = await SendAsync(new RegistryRequest($"{repository}/manifests/{key}", repository, what, MediaTypes.Manifests), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await RegistryErrors.FromResponseAsync(response, what, Host, _authenticator.HasCredentials, cancellationToken);
        }
        byte[] bytes;
        try
        {
            bytes = await LimitedBody.ReadAsync(response, LargestManifest, $"the manifest {key} of {Host}/{repository}", cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw RegistryErrors.FromException(error, what, Host);
        }
        var expected = ContentDigest.TryParse(key, out var digest) ? digest : Announced(response);
        var actual = (expected ?? ContentDigest.Of([])).Same(bytes);
        if (expected is { } wanted && wanted != actual)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch",
                $"{what}: the registry sent a manifest with the digest {actual} instead of {wanted}", $"{Host}/{repository}");
        }
        return new ManifestAnswer(bytes, response.Content.Headers.ContentType?.MediaType, expected is null ? ContentDigest.Of(bytes) : actual);
    }

    private static ContentDigest? Announced(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var values) &&
        ContentDigest.TryParse(values.ToString().Trim(), out var digest) ? digest : null;

    /// <summary>Starts the download of a blob. Nothing of it is verified yet but its size.</summary>
    internal BlobDownload OpenBlob(string repository, Descriptor descriptor) => new(this, repository, descriptor);

    /// <summary>Sends a request for a blob from an offset on.</summary>
    internal Task<HttpResponseMessage> GetBlobAsync(string repository, string digest, long offset, CancellationToken cancellationToken) =>
        SendAsync(new RegistryRequest($"{repository}/blobs/{digest}", repository, $"reading blob {digest} in {Host}/{repository}", [])
        {
            Offset = offset,
        }, cancellationToken);

    /// <summary>Sends a request for a blob that is kept elsewhere, without credentials.</summary>
    internal async Task<HttpResponseMessage> GetForeignAsync(Uri address, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        SetRange(request, offset);
        return await WithAnswerLimitAsync(request, cancellationToken);
    }

    /// <summary>The error for an answer to <see cref="GetBlobAsync"/> that is no success.</summary>
    internal Task<ContainerEngineException> ErrorAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken) =>
        RegistryErrors.FromResponseAsync(response, what, Host, _authenticator.HasCredentials, cancellationToken);

    /// <summary>Sends a request, answers challenges, follows redirects and tries again what may succeed then.</summary>
    private async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                var root = _base ?? await PingAsync(request.What, cancellationToken);
                response = await SendAuthorisedAsync(root, request, cancellationToken);
                if (!RetryPolicy.IsTransient(response.StatusCode) || attempt > _retry.Count)
                {
                    return response;
                }
                OnRetry?.Invoke($"{request.What}: the registry answered {(int)response.StatusCode}");
            }
            catch (Exception error) when (RetryPolicy.IsTransient(error) && attempt <= _retry.Count)
            {
                OnRetry?.Invoke($"{request.What}: {error.Message}");
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                throw RegistryErrors.FromException(error, request.What, Host);
            }
            using (response)
            {
                await Task.Delay(_retry.DelayBefore(attempt, response), cancellationToken);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAuthorisedAsync(Uri root, RegistryRequest request, CancellationToken cancellationToken)
    {
        var scope = $"repository:{request.Repository}:pull";
        var header = await _authenticator.GetHeaderAsync(scope, renew: false, root, cancellationToken);
        var response = await FollowAsync(root, request, header, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }
        // A token expired, or the ping gave no challenge: once more with what this answer asks for.
        _authenticator.Remember(response);
        var renewed = await _authenticator.GetHeaderAsync(scope, renew: true, root, cancellationToken);
        if (renewed is null || (renewed.Scheme == "Basic" && header?.Scheme == "Basic"))
        {
            return response;
        }
        response.Dispose();
        return await FollowAsync(root, request, renewed, cancellationToken);
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri root, RegistryRequest wanted, AuthenticationHeaderValue? authorisation, CancellationToken cancellationToken)
    {
        var address = new Uri(root, wanted.Path);
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            foreach (var type in wanted.Accept)
            {
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
            }
            SetRange(request, wanted.Offset);
            // Storage services refuse foreign credentials, and have no business with them.
            request.Headers.Authorization = IsSameOrigin(root, address) ? authorisation : null;
            var response = await WithAnswerLimitAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }
            response.Dispose();
            var next = new Uri(address, location);
            if (next.Scheme != Uri.UriSchemeHttps && !(next.Scheme == Uri.UriSchemeHttp && (address.Scheme == Uri.UriSchemeHttp || _insecure)))
            {
                throw new ContainerEngineException(ErrorKind.Network, "RedirectRefused", $"{wanted.What}: {Host} redirects to {next}, which is not secure", Host);
            }
            address = next;
        }
        throw new ContainerEngineException(ErrorKind.Network, "TooManyRedirects", $"{wanted.What}: more than {MostRedirects} redirects", Host);
    }

    private async Task<Uri> PingAsync(string what, CancellationToken cancellationToken)
    {
        await _ping.WaitAsync(cancellationToken);
        try
        {
            if (_base is { } known)
            {
                return known;
            }
            return _base = _insecure ? await PingEitherAsync(what, cancellationToken) : await PingAsync("https", what, cancellationToken);
        }
        finally
        {
            _ping.Release();
        }
    }

    /// <summary>TLS first, without verification; plain http only where that fails.</summary>
    private async Task<Uri> PingEitherAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            return await PingAsync("https", what, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException or ContainerEngineException)
        {
            return await PingAsync("http", what, cancellationToken);
        }
    }

    private async Task<Uri> PingAsync(string scheme, string what, CancellationToken cancellationToken)
    {
        var root = new Uri($"{scheme}://{Host}/v2/");
        using var request = new HttpRequestMessage(HttpMethod.Get, root);
        using var response = await WithAnswerLimitAsync(request, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Unauthorized))
        {
            throw RetryPolicy.IsTransient(response.StatusCode)
                ? new HttpRequestException($"{root} answered {(int)response.StatusCode}")
                : new ContainerEngineException(ErrorKind.Network, "NotARegistry",
                    $"{what}: {root} answered {(int)response.StatusCode}, which a registry does not", Host, "check the registry's name and port");
        }
        _authenticator.Remember(response);
        return root;
    }

    private async Task<HttpResponseMessage> WithAnswerLimitAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_answerLimit);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {s_answerLimit.TotalSeconds} seconds");
        }
    }

    private static void SetRange(HttpRequestMessage request, long offset)
    {
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
        }
    }

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Authority == b.Authority;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>A request below <c>/v2/</c>.</summary>
    /// <param name="Path">Path relative to that.</param>
    /// <param name="Repository">Repository, for the token's scope.</param>
    /// <param name="What">What is done, for messages.</param>
    /// <param name="Accept">Media types.</param>
    private sealed record RegistryRequest(string Path, string Repository, string What, IReadOnlyList<string> Accept)
    {
        /// <summary>Byte to start at.</summary>
        public long Offset { get; init; }
    }
}
