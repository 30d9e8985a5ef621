using System.Net;
using Podsharp.Engine.Configuration;

namespace Podsharp.Engine.Registry;

/// <summary>The proxy that <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c> and <c>NO_PROXY</c> name (also in lower case), from the given
/// environment rather than the process's.</summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly IReadOnlyList<string> _bypass;

    private EnvironmentProxy(Uri? http, Uri? https, IReadOnlyList<string> bypass)
    {
        _http = http;
        _https = https;
        _bypass = bypass;
        Credentials = (https ?? http) is { UserInfo.Length: > 0 } proxy ? FromUserInfo(proxy.UserInfo) : null;
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>The proxy of an environment; null for none.</summary>
    internal static EnvironmentProxy? From(ConfigurationEnvironment environment)
    {
        var http = Address(environment, "http_proxy");
        var https = Address(environment, "https_proxy");
        var bypass = environment.Variable("no_proxy") ?? environment.Variable("NO_PROXY") ?? "";
        return http is null && https is null ? null
            : new EnvironmentProxy(http, https, bypass.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.IsLoopback || (host.Scheme == Uri.UriSchemeHttps ? _https : _http) is null ||
        _bypass.Any(entry => Matches(entry, host));

    private static bool Matches(string entry, Uri host)
    {
        if (entry == "*")
        {
            return true;
        }
        if (entry.Contains('/') && IPNetwork.TryParse(entry, out var network))
        {
            return IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && network.Contains(address);
        }
        var colon = entry.LastIndexOf(':');
        if (colon > 0 && int.TryParse(entry.AsSpan(colon + 1), out var port))
        {
            if (port != host.Port)
            {
                return false;
            }
            entry = entry[..colon];
        }
        var name = entry.TrimStart('*').TrimStart('.');
        return host.Host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.Host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    private static Uri? Address(ConfigurationEnvironment environment, string name)
    {
        if ((environment.Variable(name) ?? environment.Variable(name.ToUpperInvariant())) is not { } text)
        {
            return null;
        }
        return Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var address) ? address : null;
    }

    private static NetworkCredential FromUserInfo(string userInfo)
    {
        var colon = userInfo.IndexOf(':');
        return colon < 0
            ? new NetworkCredential(Uri.UnescapeDataString(userInfo), "")
            : new NetworkCredential(Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }
}
