using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Makes connections to registries out of the configuration and what the caller wants otherwise.</summary>
internal static class RegistryConnector
{
    /// <summary>A connection; nothing is sent yet.</summary>
    /// <param name="environment">Where certificates and the proxy are found.</param>
    /// <param name="configuration">How often to try again.</param>
    /// <param name="host">Host, with its port where it has one.</param>
    /// <param name="entry">What registries.conf says about the registry itself; null for nothing.</param>
    /// <param name="credentials">Credentials, or null.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="onRetry">Told before each further try.</param>
    /// <exception cref="ContainerEngineException">The registry is blocked (RegistryBlocked), or a certificate is malformed.</exception>
    internal static RegistryConnection Connect(ConfigurationEnvironment environment, ContainersConf configuration, string host, RegistryEntry? entry,
        RegistryCredentials? credentials, RegistryOptions options, Action<string>? onRetry = null) => entry is { Blocked: true }
        ? throw PullSources.Blocked(entry, host)
        : Connect(environment, configuration, host, entry?.Primary.Insecure ?? false, credentials, options, onRetry);

    /// <summary>A connection to a place of a pull.</summary>
    internal static RegistryConnection Connect(ConfigurationEnvironment environment, ContainersConf configuration, string host, bool insecure,
        RegistryCredentials? credentials, RegistryOptions options, Action<string>? onRetry = null)
    {
        var retry = new RetryPolicy(options.Retry ?? (int)configuration.Engine.Retry, options.RetryDelay ?? configuration.Engine.RetryDelay);
        return new RegistryConnection(host, options.TlsVerify is { } verify ? !verify : insecure, credentials,
            CertificateDirectory.Load(host, options.CertificateDirectory, environment), EnvironmentProxy.From(environment), retry)
        {
            OnRetry = onRetry,
        };
    }
}
