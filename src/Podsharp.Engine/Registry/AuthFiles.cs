using System.Text;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Stored credentials: containers-auth.json(5), Docker's configuration, and credential helpers.</summary>
internal sealed class AuthFiles
{
    /// <summary>The word for the auth files in the list of credential helpers.</summary>
    internal const string AuthFile = "containers-auth.json";

    private const string LegacyDockerFile = ".dockercfg";
    private readonly ConfigurationEnvironment _environment;
    private readonly RegistriesConf _registries;

    internal AuthFiles(ConfigurationEnvironment environment, RegistriesConf registries)
    {
        _environment = environment;
        _registries = registries;
    }

    /// <summary>Finds the credentials for a repository; null for none.</summary>
    /// <param name="reference">What is to be fetched.</param>
    /// <param name="explicitFile">The only file to look at, or null for the usual ones.</param>
    /// <param name="cancellationToken">Ends a helper that hangs.</param>
    /// <exception cref="ContainerEngineException">The explicit file is absent, a file is malformed, or a helper failed.</exception>
    internal async Task<RegistryCredentials?> FindAsync(ImageReference reference, string? explicitFile, CancellationToken cancellationToken)
    {
        if (explicitFile is not null && !File.Exists(explicitFile))
        {
            throw new ContainerEngineException(ErrorKind.NotFound, "AuthFileNotFound", $"the auth file {explicitFile} does not exist",
                explicitFile, "log in with podsharp login --authfile, or leave the option out");
        }
        var found = await FindAsync(new RegistryKey(reference.Repository, reference.Domain), new CredentialPlace(explicitFile), cancellationToken);
        return found?.Credentials;
    }

    /// <summary>Finds the credentials for a registry or a part of it; null for none.</summary>
    /// <param name="key">What they are for.</param>
    /// <param name="place">Where to look; a file that doesn't exist has none.</param>
    /// <param name="cancellationToken">Ends a helper that hangs.</param>
    /// <exception cref="ContainerEngineException">None are found, and a file is malformed or a helper failed.</exception>
    internal async Task<StoredCredentials?> FindAsync(RegistryKey key, CredentialPlace place, CancellationToken cancellationToken)
    {
        ContainerEngineException? first = null;
        foreach (var helper in place.IsDockers ? [AuthFile] : _registries.CredentialHelpers)
        {
            try
            {
                var found = helper == AuthFile
                    ? await FindInFilesAsync(key, place.File is null ? Files() : [place.File], cancellationToken)
                    : await AskAsync(helper, key.Host, cancellationToken);
                if (found is not null)
                {
                    return found;
                }
            }
            catch (ContainerEngineException error)
            {
                // The next place may have them. Only if none has, the one that couldn't be asked might have had them.
                first ??= error;
            }
        }
        return first is null ? null : throw first;
    }

    /// <summary>The files that are read, in order.</summary>
    internal IEnumerable<string> Files()
    {
        yield return WrittenFile;
        yield return Path.Combine(_environment.ConfigHome, "containers/auth.json");
        yield return Path.Combine(_environment.Variable("DOCKER_CONFIG") ?? Path.Combine(_environment.HomeDirectory, ".docker"), "config.json");
        yield return Path.Combine(_environment.HomeDirectory, LegacyDockerFile);
    }

    /// <summary>The file that logging in writes: it goes with the login session or the next boot.</summary>
    internal string WrittenFile => _environment.Variable("REGISTRY_AUTH_FILE") ??
        (_environment.Variable("XDG_RUNTIME_DIR") is { } runtime ? Path.Combine(runtime, "containers/auth.json")
            : _environment.SystemPath($"/run/containers/{_environment.UserId}/auth.json"));

    private async Task<StoredCredentials?> AskAsync(string helper, string host, CancellationToken cancellationToken) =>
        await CredentialHelper.GetAsync(helper, host, _environment, cancellationToken) is { } found
            ? new StoredCredentials(found, CredentialPlace.OfHelper(helper)) : null;

    private async Task<StoredCredentials?> FindInFilesAsync(RegistryKey key, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (await ReadAsync(file, cancellationToken) is { } document)
            {
                using (document)
                {
                    if (await FindInDocumentAsync(document.RootElement, file, key, cancellationToken) is { } found)
                    {
                        return found;
                    }
                }
            }
        }
        return null;
    }

    private static async Task<JsonDocument?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            return bytes.Length == 0 ? null : JsonDocument.Parse(bytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"the auth file {file} is not valid JSON",
                file, "correct it, or log in again", error);
        }
    }

    private async Task<StoredCredentials?> FindInDocumentAsync(JsonElement root, string file, RegistryKey wanted, CancellationToken cancellationToken)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var isLegacy = Path.GetFileName(file) == LegacyDockerFile;
        if (!isLegacy && HelperFor(root, wanted.Host) is { } helper)
        {
            return await AskAsync(helper, wanted.Host, cancellationToken);
        }
        var auths = isLegacy ? root : Member(root, "auths");
        if (auths is { } entries)
        {
            foreach (var key in Keys(wanted))
            {
                if (Entry(entries, key) is { } entry && Decode(entry, file) is { } found)
                {
                    return new StoredCredentials(found, file);
                }
            }
        }
        // Docker's setting for all registries. Many have it from a desktop whose program this host lacks: that is no reason to fail a pull.
        return !isLegacy && Member(root, "credsStore", JsonValueKind.String)?.GetString() is { Length: > 0 } store && CredentialHelper.Exists(store, _environment)
            ? await AskAsync(store, DockersKey(wanted.Host), cancellationToken) : null;
    }

    /// <summary>The helper that a file names for a host; null for none.</summary>
    internal static string? HelperFor(JsonElement root, string domain) => Member(root, "credHelpers") is not { } helpers ? null
        : HostKeys(domain).Select(key => Member(helpers, key, JsonValueKind.String)?.GetString()).FirstOrDefault(name => name is { Length: > 0 });

    /// <summary>What Docker calls a registry.</summary>
    internal static string DockersKey(string domain) => domain == ImageReference.DockerDomain ? "https://index.docker.io/v1/" : domain;

    /// <summary>The keys of a repository, from the most specific to the host.</summary>
    private static IEnumerable<string> Keys(RegistryKey wanted)
    {
        var name = wanted.Text;
        for (var slash = name.Length; slash > wanted.Host.Length; slash = name.LastIndexOf('/', slash - 1))
        {
            yield return name[..slash];
        }
        foreach (var key in HostKeys(wanted.Host))
        {
            yield return key;
        }
    }

    /// <summary>Whether an entry's key is one of those that a registry or a part of it goes by.</summary>
    internal static bool IsKeyOf(string entry, RegistryKey key) => key.IsPart ? entry == key.Text : HostKeys(key.Host).Contains(NormaliseKey(entry));

    /// <summary>Docker Hub goes by several names.</summary>
    private static string[] HostKeys(string domain) => domain == ImageReference.DockerDomain
        ? [domain, "index.docker.io", "registry-1.docker.io"]
        : [domain];

    private static JsonElement? Entry(JsonElement entries, string key)
    {
        if (entries.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        foreach (var entry in entries.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Object && (entry.Name == key || NormaliseKey(entry.Name) == key))
            {
                return entry.Value;
            }
        }
        return null;
    }

    /// <summary>Docker writes keys as addresses: <c>https://index.docker.io/v1/</c>.</summary>
    private static string NormaliseKey(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return key;
        }
        var rest = key[(scheme + 3)..].TrimEnd('/');
        return rest.EndsWith("/v1", StringComparison.Ordinal) || rest.EndsWith("/v2", StringComparison.Ordinal) ? rest[..^3] : rest;
    }

    private static RegistryCredentials? Decode(JsonElement entry, string file)
    {
        var token = Member(entry, "identitytoken", JsonValueKind.String)?.GetString();
        var encoded = Member(entry, "auth", JsonValueKind.String)?.GetString() ?? "";
        var decoded = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, decoded, out var length))
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid",
                $"the auth file {file} has credentials that are not base64", file, "log in again");
        }
        var text = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return string.IsNullOrEmpty(token) ? null : new RegistryCredentials("", "", token);
        }
        return new RegistryCredentials(text[..colon], text[(colon + 1)..].TrimEnd('\0'), string.IsNullOrEmpty(token) ? null : token);
    }

    private static JsonElement? Member(JsonElement element, string name, JsonValueKind kind = JsonValueKind.Object) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
