using System.Net;
using System.Net.Http.Headers;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Sends requests to one registry: finds out how it wants to be spoken to, answers its challenges, follows its redirects, and tries
/// again what may succeed then.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _http;
    private readonly RegistryAuthenticator _authenticator;
    private readonly bool _insecure;
    private readonly SemaphoreSlim _ping = new(1);
    private volatile Uri? _base;

    /// <summary>Creates a connection; nothing is sent yet.</summary>
    /// <param name="domain">Host as in the image's name, with its port where it has one.</param>
    /// <param name="insecure">Whether unverified TLS and plain http are allowed.</param>
    /// <param name="credentials">Credentials, or null.</param>
    /// <param name="certificates">Certificates for this host.</param>
    /// <param name="proxy">Proxy, or null.</param>
    /// <param name="retry">How often requests are tried again.</param>
    internal RegistryConnection(string domain, bool insecure, RegistryCredentials? credentials, CertificateDirectory certificates, IWebProxy? proxy, RetryPolicy retry)
    {
        Host = domain == ImageReference.DockerDomain ? "registry-1.docker.io" : domain;
        Retry = retry;
        _insecure = insecure;
        _http = RegistryHttp.Create(certificates, insecure, proxy);
        _authenticator = new RegistryAuthenticator(_http, domain, credentials);
    }

    /// <summary>Host that is spoken to.</summary>
    internal string Host { get; }

    /// <summary>Told before each further try, with the reason.</summary>
    internal Action<string>? OnRetry { get; init; }

    /// <summary>How often requests are tried again.</summary>
    internal RetryPolicy Retry { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _ping.Dispose();
    }

    /// <summary>Sends a request and tries again what may succeed then.</summary>
    /// <returns>The last answer, whatever its status.</returns>
    /// <exception cref="ContainerEngineException">Network, Unauthorized: there was no answer.</exception>
    internal async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                response = await SendOnceAsync(request, cancellationToken);
                if (!RetryPolicy.IsTransient(response) || attempt > Retry.Count)
                {
                    return response;
                }
                OnRetry?.Invoke($"{request.What}: the registry answered {(int)response.StatusCode}");
            }
            catch (Exception error) when (RetryPolicy.IsTransient(error) && attempt <= Retry.Count)
            {
                OnRetry?.Invoke($"{request.What}: {error.Message}");
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                throw RegistryErrors.FromException(error, request.What, Host);
            }
            using (response)
            {
                await Task.Delay(Retry.DelayBefore(attempt, response), cancellationToken);
            }
        }
    }

    /// <summary>Sends a request once, with what the registry wants to see first.</summary>
    /// <exception cref="Exception">What the network raises.</exception>
    internal async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        var root = _base ?? await PingAsync(request.What, cancellationToken);
        var header = await _authenticator.GetHeaderAsync(request.Scope, renew: false, root, cancellationToken);
        var response = await FollowAsync(root, request, header, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }
        // A token expired, or the ping gave no challenge: once more with what this answer asks for.
        _authenticator.Remember(response);
        var renewed = await _authenticator.GetHeaderAsync(request.Scope, renew: true, root, cancellationToken);
        if (renewed is null || (renewed.Scheme == "Basic" && header?.Scheme == "Basic"))
        {
            return response;
        }
        response.Dispose();
        return await FollowAsync(root, request, renewed, cancellationToken);
    }

    /// <summary>Sends a request to a place that is not the registry's, without credentials.</summary>
    internal async Task<HttpResponseMessage> GetForeignAsync(Uri address, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        SetRange(request, offset);
        return await WithAnswerLimitAsync(request, TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>The error for an answer that is no success.</summary>
    internal Task<ContainerEngineException> ErrorAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken) =>
        RegistryErrors.FromResponseAsync(response, what, Host, _authenticator.HasCredentials, cancellationToken);

    /// <summary>The address that an answer's header <c>Location</c> gives, relative to what was asked.</summary>
    /// <exception cref="ContainerEngineException">It leads from TLS to plain http (RedirectRefused).</exception>
    internal Uri Resolve(Uri asked, Uri location, string what)
    {
        var next = new Uri(asked, location);
        return next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && (asked.Scheme == Uri.UriSchemeHttp || _insecure)) ? next
            : throw new ContainerEngineException(ErrorKind.Network, "RedirectRefused", $"{what}: {Host} redirects to {next.Scheme}://{next.Authority}, which is not secure", Host);
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri root, RegistryRequest wanted, AuthenticationHeaderValue? authorisation, CancellationToken cancellationToken)
    {
        var address = wanted.Address ?? new Uri(root, wanted.Path);
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = ToMessage(wanted, address);
            // Storage services refuse foreign credentials, and have no business with them.
            request.Headers.Authorization = IsSameOrigin(root, address) ? authorisation : null;
            var response = await WithAnswerLimitAsync(request, wanted.AnswerLimit, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }
            response.Dispose();
            address = Resolve(address, location, wanted.What);
        }
        throw new ContainerEngineException(ErrorKind.Network, "TooManyRedirects", $"{wanted.What}: more than {MostRedirects} redirects", Host);
    }

    private static HttpRequestMessage ToMessage(RegistryRequest wanted, Uri address)
    {
        var request = new HttpRequestMessage(wanted.Method, address) { Content = wanted.Content?.Invoke() };
        foreach (var type in wanted.Accept)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        }
        SetRange(request, wanted.Offset);
        if (wanted.AskBeforeBody)
        {
            request.Headers.ExpectContinue = true;
        }
        return request;
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
        using var response = await WithAnswerLimitAsync(request, TimeSpan.FromSeconds(60), cancellationToken);
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

    private async Task<HttpResponseMessage> WithAnswerLimitAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var upload = request.Content as UploadContent;
        if (upload is not null)
        {
            // A body may take hours as long as it moves; it has a limit of its own, and the answer's begins after it.
            upload.Sent = () => limit.CancelAfter(patience);
            upload.Broken = limit.Cancel;
        }
        else
        {
            limit.CancelAfter(patience);
        }
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw upload?.Failure ?? new TimeoutException($"no answer within {patience.TotalSeconds} seconds");
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
}
