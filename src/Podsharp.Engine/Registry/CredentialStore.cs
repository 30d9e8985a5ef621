using Podsharp.Engine.Configuration;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Keeps and forgets credentials of registries where the configuration wants them: an auth file, or a credential helper.</summary>
internal sealed class CredentialStore(ConfigurationEnvironment environment, RegistriesConf registries, string lockFile)
{
    private readonly AuthFiles _files = new(environment, registries);

    /// <summary>Finds credentials; null for none.</summary>
    internal Task<StoredCredentials?> FindAsync(RegistryKey key, CredentialPlace place, CancellationToken cancellationToken) =>
        _files.FindAsync(key, place, cancellationToken);

    /// <summary>Keeps credentials in the first place that takes them.</summary>
    /// <returns>Where they are.</returns>
    /// <exception cref="ContainerEngineException">No place takes them.</exception>
    internal async Task<string> StoreAsync(RegistryKey key, RegistryCredentials credentials, CredentialPlace place, CancellationToken cancellationToken)
    {
        ContainerEngineException? first = null;
        foreach (var helper in HelpersFor(place))
        {
            try
            {
                return helper == AuthFiles.AuthFile
                    ? await StoreInFileAsync(key, credentials, place, cancellationToken)
                    : await StoreWithHelperAsync(helper, key, key.Host, credentials, cancellationToken);
            }
            catch (ContainerEngineException error)
            {
                first ??= error;
            }
        }
        throw first ?? EngineErrors.InvalidArgument("registries.conf names no place for credentials", null, "see \"credential-helpers\" in containers-registries.conf(5)");
    }

    /// <summary>Forgets the credentials of a registry or a part of it, wherever they are kept.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="ContainerEngineException">A place failed; they are gone from the others.</exception>
    internal async Task<bool> EraseAsync(RegistryKey key, CredentialPlace place, CancellationToken cancellationToken)
    {
        var found = false;
        await InEachPlaceAsync(place, async helper =>
        {
            if (helper == AuthFiles.AuthFile)
            {
                found |= await EraseInFileAsync(key, place, cancellationToken);
            }
            else if (!key.IsPart && await CredentialHelper.GetAsync(helper, key.Host, environment, cancellationToken) is not null)
            {
                await CredentialHelper.EraseAsync(helper, key.Host, environment, cancellationToken);
                found = true;
            }
        });
        return found;
    }

    /// <summary>Forgets all credentials. What the file says about helpers stays: that is configuration.</summary>
    /// <exception cref="ContainerEngineException">A place failed; they are gone from the others.</exception>
    internal Task EraseAllAsync(CredentialPlace place, CancellationToken cancellationToken) => InEachPlaceAsync(place, async helper =>
    {
        if (helper != AuthFiles.AuthFile)
        {
            await EraseListedAsync(helper, cancellationToken);
            return;
        }
        // The file first: a helper that is missing must not keep passwords in it.
        var editor = Editor(place);
        editor.RemoveAll(cancellationToken);
        foreach (var (host, name) in editor.Helpers())
        {
            await CredentialHelper.EraseAsync(name, host, environment, cancellationToken);
        }
        if (editor.HelperFor("", out _) is { } store)
        {
            await EraseListedAsync(store, cancellationToken);
        }
    });

    // One that fails must not keep the passwords in those after it.
    private async Task InEachPlaceAsync(CredentialPlace place, Func<string, Task> act)
    {
        ContainerEngineException? first = null;
        foreach (var helper in HelpersFor(place))
        {
            try
            {
                await act(helper);
            }
            catch (ContainerEngineException error)
            {
                first ??= error;
            }
        }
        if (first is not null)
        {
            throw first;
        }
    }

    private async Task EraseListedAsync(string helper, CancellationToken cancellationToken)
    {
        foreach (var host in await CredentialHelper.ListAsync(helper, environment, cancellationToken))
        {
            await CredentialHelper.EraseAsync(helper, host, environment, cancellationToken);
        }
    }

    private async Task<string> StoreInFileAsync(RegistryKey key, RegistryCredentials credentials, CredentialPlace place, CancellationToken cancellationToken)
    {
        var editor = Editor(place);
        if (place.IsDockers && key.IsPart)
        {
            throw EngineErrors.Unsupported($"Credentials cannot be recorded in Docker-compatible format with namespaced key \"{key.Text}\"", key.Text,
                "log in to the whole registry, or leave --compat-auth-file out");
        }
        var helper = editor.HelperFor(key.Host, out var isForAll);
        // Helpers know hosts only: credentials for a part stay beside them in the file, as with podman, unless the user wants none in files.
        if (helper is not null && (isForAll || !key.IsPart))
        {
            var host = isForAll ? AuthFiles.DockersKey(key.Host) : key.Host;
            var stored = await StoreWithHelperAsync(helper, key, host, credentials, cancellationToken);
            if (isForAll)
            {
                editor.Set(host, null, cancellationToken);
            }
            return stored;
        }
        editor.Set(place.IsDockers ? AuthFiles.DockersKey(key.Text) : key.Text, credentials, cancellationToken);
        return FileOf(place);
    }

    private async Task<string> StoreWithHelperAsync(string helper, RegistryKey key, string host, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        if (key.IsPart)
        {
            throw EngineErrors.Unsupported($"the credential helper {helper} keeps credentials of whole registries only, not of {key.Text}", key.Text, $"log in to {key.Host}");
        }
        await CredentialHelper.StoreAsync(helper, host, credentials, environment, cancellationToken);
        return CredentialPlace.OfHelper(helper);
    }

    private async Task<bool> EraseInFileAsync(RegistryKey key, CredentialPlace place, CancellationToken cancellationToken)
    {
        var editor = Editor(place);
        var isForAll = false;
        if (key.IsPart || editor.HelperFor(key.Host, out isForAll) is not { } helper)
        {
            return editor.Remove(key, cancellationToken);
        }
        await CredentialHelper.EraseAsync(helper, isForAll ? AuthFiles.DockersKey(key.Host) : key.Host, environment, cancellationToken);
        editor.Remove(key, cancellationToken);
        return true;
    }

    private IReadOnlyList<string> HelpersFor(CredentialPlace place) => place.IsDockers ? [AuthFiles.AuthFile] : registries.CredentialHelpers;

    private AuthFileEditor Editor(CredentialPlace place) => new(FileOf(place), lockFile);

    private string FileOf(CredentialPlace place) => place.File ?? _files.WrittenFile;
}
