using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Opens connections to the registries of names, with what the configuration, the log-ins and the caller say about them.</summary>
internal sealed class RegistryAccess(ConfigurationEnvironment environment, ContainersConf configuration, RegistriesConf registries)
{
    /// <summary>What registries.conf says.</summary>
    internal RegistriesConf Registries => registries;

    /// <summary>A connection to where a name can be read.</summary>
    /// <exception cref="ContainerEngineException">RegistryBlocked; a certificate or a file of credentials is malformed.</exception>
    internal async Task<RegistryClient> ReadAsync(PullSource source, RegistryOptions options, Action<string> onRetry, CancellationToken cancellationToken) =>
        new(source.BlockedBy is { } entry ? throw PullSources.Blocked(entry, source.Reference.ToString())
            : RegistryConnector.Connect(environment, configuration, source.Reference.Domain, source.Insecure,
                await CredentialsAsync(source.Reference, source.IsElsewhere ? options with { UserName = null, Password = null } : options, cancellationToken), options, onRetry));

    /// <summary>A connection to the registry itself, which takes what is written; mirrors don't.</summary>
    /// <exception cref="ContainerEngineException">RegistryBlocked; a certificate or a file of credentials is malformed.</exception>
    internal async Task<RegistryConnection> WriteAsync(ImageReference target, RegistryOptions options, Action<string> onRetry, CancellationToken cancellationToken) =>
        RegistryConnector.Connect(environment, configuration, target.Domain, registries.Find(target.ToString()),
            await CredentialsAsync(target, options, cancellationToken), options, onRetry);

    private async Task<RegistryCredentials?> CredentialsAsync(ImageReference reference, RegistryOptions options, CancellationToken cancellationToken) => options switch
    {
        { UserName: "" } => null,
        { UserName: { } user } => new RegistryCredentials(user, options.Password ?? ""),
        { Password: { Length: > 0 } token } => new RegistryCredentials("", "") { BearerToken = token },
        _ => await new AuthFiles(environment, registries).FindAsync(reference, options.AuthFile, cancellationToken),
    };
}
