using System.Management.Automation;
using System.Net;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>The engine's registry options from the parameters that several cmdlets share.</summary>
internal static class PullSettings
{
    /// <summary>Builds the options.</summary>
    public static RegistryOptions Create(PSCredential? credential, string? authFile, string? certificateDirectory, bool skipCertificateCheck,
        int? retryCount, TimeSpan? retryDelay)
    {
        var network = credential?.GetNetworkCredential() ?? new NetworkCredential();
        return new RegistryOptions
        {
            UserName = credential?.UserName,
            Password = credential is null ? null : network.Password,
            AuthFile = authFile,
            CertificateDirectory = certificateDirectory,
            TlsVerify = skipCertificateCheck ? false : null,
            Retry = retryCount,
            RetryDelay = retryDelay,
        };
    }
}
