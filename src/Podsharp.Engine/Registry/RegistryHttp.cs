using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Podsharp.Engine.Registry;

/// <summary>Makes the HTTP client for one registry.</summary>
internal static class RegistryHttp
{
    private static readonly string s_userAgent = $"podsharp/{typeof(RegistryHttp).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>A client that follows no redirects, decompresses nothing and keeps no cookies: all of that is for the caller to
    /// decide, for credentials and digests depend on it.</summary>
    internal static HttpClient Create(CertificateDirectory certificates, bool insecure, IWebProxy? proxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificates.ClientCertificates.Count > 0 ? certificates.ClientCertificates : null,
                // An exception, unlike "false", can say what is wrong; it comes out of the request as the cause.
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    insecure || errors == SslPolicyErrors.None || IsTrusted(certificate, chain, errors, certificates.Authorities)
                        ? true : throw new CertificateRefusedException(errors, chain),
            },
        };
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd(s_userAgent);
        return client;
    }

    /// <summary>Whether one of the registry's own authorities vouches for a certificate whose name and dates are right.</summary>
    private static bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || authorities.Count == 0 || certificate is not X509Certificate2 leaf)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        if (chain.Build(leaf))
        {
            return true;
        }
        // An authority that isn't self-signed ends the chain early; it is trusted all the same, because the user put it there.
        return chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain) &&
            authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(chain.ChainElements[^1].Certificate.RawDataMemory.Span));
    }
}

/// <summary>Why a registry's certificate was not accepted.</summary>
internal sealed class CertificateRefusedException(SslPolicyErrors errors, X509Chain? chain)
    : System.Security.Authentication.AuthenticationException(Describe(errors, chain))
{
    /// <summary>Whether it belongs to another host, which no authority can mend.</summary>
    internal bool IsForOtherHost { get; } = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);

    private static string Describe(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return "it sent none";
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return "it is for another host name";
        }
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? "it has expired or is not valid yet" : "no known authority has signed it";
    }
}
