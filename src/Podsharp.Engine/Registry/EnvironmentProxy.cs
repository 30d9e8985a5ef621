using System.Net;
using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>The proxy that <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> name (also in lower case), from the given
/// environment rather than the process's, and by the rules of Go's programs, which podman and its kin are.</summary>
internal sealed class EnvironmentProxy : IWebProxy, ICredentials
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly ProxyExceptions _exceptions;

    private EnvironmentProxy(Uri? http, Uri? https, ProxyExceptions exceptions)
    {
        _http = http;
        _https = https;
        _exceptions = exceptions;
    }

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    /// <summary>The proxy of an environment; null for none.</summary>
    /// <exception cref="ContainerEngineException">A variable has no address: going without the proxy isn't what its writer wants.</exception>
    internal static EnvironmentProxy? From(ConfigurationEnvironment environment)
    {
        var http = Address(environment, "HTTP_PROXY");
        var https = Address(environment, "HTTPS_PROXY");
        return http is null && https is null ? null : new EnvironmentProxy(http, https, new ProxyExceptions(Either(environment, "NO_PROXY") ?? ""));
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : For(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || For(host) is null || _exceptions.Cover(host);

    /// <summary>The credentials in a proxy's address; each has its own.</summary>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        var proxy = new[] { _https, _http }.FirstOrDefault(known => known is { UserInfo.Length: > 0 } && known.Authority == uri.Authority);
        return proxy is null ? null : FromUserInfo(proxy.UserInfo);
    }

    private Uri? For(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static string? Either(ConfigurationEnvironment environment, string name) => environment.Variable(name) ?? environment.Variable(name.ToLowerInvariant());

    private static Uri? Address(ConfigurationEnvironment environment, string name)
    {
        if (Either(environment, name) is not { } text)
        {
            return null;
        }
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        // Names are left to a SOCKS proxy by .NET always; that is what Go's programs call socks5h.
        full = full.StartsWith("socks5h://", StringComparison.OrdinalIgnoreCase) ? "socks5" + full["socks5h".Length..] : full;
        return Uri.TryCreate(full, UriKind.Absolute, out var address) && address is { Host.Length: > 0, Scheme: "http" or "https" or "socks5" } ? address
            : throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"the environment variable {name} is not the address of a proxy",
                null, "write http://HOST:PORT, or https or socks5 instead of http"); // The value may hold a password.
    }

    private static NetworkCredential FromUserInfo(string userInfo)
    {
        var colon = userInfo.IndexOf(':');
        return colon < 0
            ? new NetworkCredential(Uri.UnescapeDataString(userInfo), "")
            : new NetworkCredential(Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }
}
