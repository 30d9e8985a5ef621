using System.Text;
using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>Stored credentials: containers-auth.json(5), Docker's configuration, and credential helpers.</summary>
internal sealed class AuthFiles
{
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
                explicitFile, "log in with podman login --authfile, or leave the option out");
        }
        foreach (var helper in _registries.CredentialHelpers)
        {
            var found = helper == "containers-auth.json"
                ? await FindInFilesAsync(reference, explicitFile is null ? Files() : [explicitFile], cancellationToken)
                : await CredentialHelper.GetAsync(helper, reference.Domain, _environment, cancellationToken);
            if (found is not null)
            {
                return found;
            }
        }
        return null;
    }

    /// <summary>The files that are read, in order.</summary>
    internal IEnumerable<string> Files()
    {
        yield return _environment.Variable("REGISTRY_AUTH_FILE") ?? RuntimeFile();
        yield return Path.Combine(_environment.ConfigHome, "containers/auth.json");
        yield return Path.Combine(_environment.Variable("DOCKER_CONFIG") ?? Path.Combine(_environment.HomeDirectory, ".docker"), "config.json");
        yield return Path.Combine(_environment.HomeDirectory, LegacyDockerFile);
    }

    private string RuntimeFile()
    {
        if (_environment.Variable("XDG_RUNTIME_DIR") is { } runtime && (_environment.IsRootless || _environment.UserId != 0))
        {
            return Path.Combine(runtime, "containers/auth.json");
        }
        return _environment.SystemPath($"/run/containers/{_environment.UserId}/auth.json");
    }

    private async Task<RegistryCredentials?> FindInFilesAsync(ImageReference reference, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (await ReadAsync(file, cancellationToken) is { } document)
            {
                using (document)
                {
                    if (await FindInDocumentAsync(document.RootElement, file, reference, cancellationToken) is { } found)
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

    private async Task<RegistryCredentials?> FindInDocumentAsync(JsonElement root, string file, ImageReference reference, CancellationToken cancellationToken)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var isLegacy = Path.GetFileName(file) == LegacyDockerFile;
        if (!isLegacy && Member(root, "credHelpers") is { } helpers && HelperFor(helpers, reference.Domain) is { } helper)
        {
            return await CredentialHelper.GetAsync(helper, reference.Domain, _environment, cancellationToken);
        }
        var auths = isLegacy ? root : Member(root, "auths");
        if (auths is { } entries)
        {
            foreach (var key in Keys(reference))
            {
                if (Entry(entries, key) is { } entry && Decode(entry, file) is { } found)
                {
                    return found;
                }
            }
        }
        return null;
    }

    private static string? HelperFor(JsonElement helpers, string domain) =>
        HostKeys(domain).Select(key => Member(helpers, key, JsonValueKind.String)?.GetString()).FirstOrDefault(name => name is { Length: > 0 });

    /// <summary>The keys of a repository, from the most specific to the host.</summary>
    private static IEnumerable<string> Keys(ImageReference reference)
    {
        var name = reference.Repository;
        for (var slash = name.Length; slash > reference.Domain.Length; slash = name.LastIndexOf('/', slash - 1))
        {
            yield return name[..slash];
        }
        foreach (var key in HostKeys(reference.Domain))
        {
            yield return key;
        }
    }

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
