using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Logging in to registries and out of them.</summary>
internal sealed class RegistryLogins(ConfigurationEnvironment environment, ContainersConf configuration, string lockFile)
{
    /// <summary>Who is logged in; null for nobody.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument; a file is malformed, or a helper failed.</exception>
    internal async Task<RegistrySession?> FindAsync(RegistryLoginRequest request, CancellationToken cancellationToken)
    {
        var registries = RegistriesConf.Load(environment);
        var key = RegistryKey.Parse(request.Registry, registries);
        return await Store(registries).FindAsync(key, PlaceOf(request), cancellationToken) is { } found ? Session(key, found.Credentials, found.StoredIn) : null;
    }

    /// <summary>Checks credentials at the registry, and keeps them if they are new.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized: they aren't accepted. NotFound: none were given and none are kept. Network.</exception>
    internal async Task<RegistrySession> LoginAsync(RegistryLoginRequest request, CancellationToken cancellationToken)
    {
        var registries = RegistriesConf.Load(environment);
        var key = RegistryKey.Parse(request.Registry, registries);
        var store = Store(registries);
        var stored = string.IsNullOrEmpty(request.Options.UserName)
            ? await store.FindAsync(key, PlaceOf(request), cancellationToken) ?? throw NotLoggedIn(key) : null;
        var credentials = stored?.Credentials ?? new RegistryCredentials(request.Options.UserName!, request.Options.Password ?? "");
        await CheckAsync(key, credentials, request.Options, registries, cancellationToken);
        return Session(key, credentials, stored?.StoredIn ?? await store.StoreAsync(key, credentials, PlaceOf(request), cancellationToken));
    }

    /// <summary>Forgets credentials.</summary>
    /// <returns>What was logged out of; null for all registries.</returns>
    /// <exception cref="ContainerEngineException">NotFound: there are none.</exception>
    internal async Task<string?> LogoutAsync(RegistryLogoutRequest request, CancellationToken cancellationToken)
    {
        var registries = RegistriesConf.Load(environment);
        var place = Place(request.AuthFile, request.CompatibleAuthFile);
        if (place.File is { } file && !File.Exists(file))
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "AuthFileNotFound", $"credential file is not accessible: {file} does not exist", file);
        }
        if (request.All)
        {
            await Store(registries).EraseAllAsync(place, cancellationToken);
            return null;
        }
        var key = RegistryKey.Parse(request.Registry, registries);
        if (await Store(registries).EraseAsync(key, place, cancellationToken))
        {
            return key.Text;
        }
        throw await Store(registries).FindAsync(key, place, cancellationToken) is { } elsewhere
            ? new ContainerEngineException(ErrorKind.NotFound, "NotLoggedIn", $"not logged into {key.Text} with this file: the credentials are those of {elsewhere.StoredIn}",
                key.Text, "log out with the program that has written them, or name the file")
            : NotLoggedIn(key);
    }

    private async Task CheckAsync(RegistryKey key, RegistryCredentials credentials, RegistryOptions options, RegistriesConf registries, CancellationToken cancellationToken)
    {
        using var client = new RegistryClient(RegistryConnector.Connect(environment, configuration, key.Host, registries.Find(key.Host), credentials, options));
        try
        {
            await client.CheckCredentialsAsync($"authenticating creds for \"{key.Text}\"", cancellationToken);
        }
        catch (ContainerEngineException error) when (error.ErrorId == "RegistryUnauthorized")
        {
            throw new ContainerEngineException(ErrorKind.Unauthorized, "RegistryLoginRefused", $"logging into \"{key.Text}\": invalid username/password", key.Text, innerException: error);
        }
    }

    private CredentialStore Store(RegistriesConf registries) => new(environment, registries, lockFile);

    private static CredentialPlace PlaceOf(RegistryLoginRequest request) => Place(request.Options.AuthFile, request.CompatibleAuthFile);

    private static CredentialPlace Place(string? authFile, string? compatible) => compatible is null ? new CredentialPlace(authFile)
        : authFile is null ? new CredentialPlace(compatible, IsDockers: true)
        : throw EngineErrors.InvalidArgument("options for paths to the credential file and to the Docker-compatible credential file can not be set simultaneously",
            compatible, "give one of them");

    private static RegistrySession Session(RegistryKey key, RegistryCredentials credentials, string storedIn) => new()
    {
        Registry = key.Text,
        UserName = credentials.UserName,
        HasIdentityToken = credentials.IdentityToken is not null,
        StoredIn = storedIn,
    };

    private static ContainerEngineException NotLoggedIn(RegistryKey key) => new(ErrorKind.NotFound, "NotLoggedIn", $"not logged into {key.Text}", key.Text);
}
