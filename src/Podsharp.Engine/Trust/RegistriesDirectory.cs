using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Trust;

/// <summary>containers-registries.d(5): where the signatures of a registry's images are kept.</summary>
internal sealed class RegistriesDirectory
{
    private readonly Dictionary<string, SignaturePlaces> _scopes = new(StringComparer.Ordinal);
    private readonly string _builtIn;
    private SignaturePlaces? _default;

    private RegistriesDirectory(string builtIn) => _builtIn = builtIn;

    /// <summary>Reads the user's directory, or the host's where there is none.</summary>
    /// <param name="environment">Where they are.</param>
    /// <param name="path">Another directory; null for the usual ones.</param>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid: a file is malformed, or two files speak of one scope.</exception>
    internal static RegistriesDirectory Load(ConfigurationEnvironment environment, string? path = null)
    {
        var user = Path.Combine(environment.ConfigHome, "containers/registries.d");
        var directory = path ?? (Directory.Exists(user) ? user : environment.SystemPath("/etc/containers/registries.d"));
        var built = new RegistriesDirectory(environment.IsRootless ? Path.Combine(environment.HomeDirectory, ".local/share/containers/sigstore")
            : environment.SystemPath("/var/lib/containers/sigstore"));
        foreach (var file in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.yaml").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            built.Apply(file);
        return built;
    }

    /// <summary>The scopes that are written down, with what they say; the default's name is empty.</summary>
    internal IEnumerable<KeyValuePair<string, SignaturePlaces>> Scopes =>
        _default is null ? _scopes : _scopes.Append(new KeyValuePair<string, SignaturePlaces>("", _default));

    /// <summary>Where the signatures of a repository are: an address to which the manifest's digest is added.</summary>
    /// <param name="reference">An image of it, where it really is.</param>
    /// <param name="write">Whether to write them, for which there may be another place.</param>
    /// <exception cref="ContainerEngineException">ConfigurationInvalid: it is no address.</exception>
    internal Uri Lookaside(ImageReference reference, bool write)
    {
        var text = Find(reference, places => (write ? places.Staging : null) ?? places.Lookaside) ?? "file://" + _builtIn;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("file" or "http" or "https"))
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"{text} is no place for signatures", text, "write file:///PATH or https://HOST/PATH in registries.d");
        return new Uri(text.TrimEnd('/') + "/" + reference.Path);
    }

    /// <summary>Whether sigstore's signatures lie beside the images in their repository.</summary>
    internal bool UsesAttachments(ImageReference reference) => Find(reference, places => places.UsesAttachments is true ? "y" : places.UsesAttachments is false ? "n" : null) == "y";

    private string? Find(ImageReference reference, Func<SignaturePlaces, string?> choose)
    {
        foreach (var scope in PolicyScopes.OfRegistry(reference))
        {
            if (_scopes.TryGetValue(scope, out var places) && choose(places) is { } found)
                return found;
        }
        return _default is null ? null : choose(_default);
    }

    private void Apply(string file)
    {
        try
        {
            var text = File.ReadAllBytes(file);
            using var document = JsonDocument.Parse(IsBlank(text) ? "{}"u8.ToArray() : YamlDocument.ToJson(text));
            var members = StrictJson.Members(document.RootElement, "it", null);
            if (members.TryGetValue("default-docker", out var fallback) && fallback.ValueKind != JsonValueKind.Null)
                _default = _default is null ? Places(fallback, "default-docker", file) : throw new JsonException($"default-docker stands in {_default.File}, too");
            if (!members.TryGetValue("docker", out var scopes) || scopes.ValueKind == JsonValueKind.Null)
                return;
            foreach (var (scope, value) in StrictJson.Members(scopes, "docker", null))
            {
                if (!_scopes.TryAdd(scope, Places(value, scope, file)))
                    throw new JsonException($"{scope} stands in {_scopes[scope].File}, too");
            }
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"{file} is not valid: {error.Message}", file, "see containers-registries.d(5)", error);
        }
    }

    // A file of comments only is none to a YAML parser.
    private static bool IsBlank(byte[] text) => System.Text.Encoding.UTF8.GetString(text).Split('\n').All(line => line.AsSpan().Trim() is var words && (words.IsEmpty || words[0] == '#'));

    private static SignaturePlaces Places(JsonElement value, string scope, string file)
    {
        var members = value.ValueKind == JsonValueKind.Null ? [] : StrictJson.Members(value, scope, null);
        return new SignaturePlaces(members.Text("lookaside") ?? members.Text("sigstore"), members.Text("lookaside-staging") ?? members.Text("sigstore-staging"),
            !members.TryGetValue("use-sigstore-attachments", out var attachments) || attachments.ValueKind == JsonValueKind.Null ? null
            : attachments.ValueKind is JsonValueKind.True or JsonValueKind.False ? attachments.GetBoolean()
            : throw new JsonException($"use-sigstore-attachments of {scope} is neither true nor false"), file);
    }
}

/// <summary>What registries.d says of a scope.</summary>
/// <param name="Lookaside">Where signatures are read, and written if there is no other place.</param>
/// <param name="Staging">Where they are written.</param>
/// <param name="UsesAttachments">Whether sigstore's lie beside the images; null where nothing is said.</param>
/// <param name="File">The file that says so.</param>
internal sealed record SignaturePlaces(string? Lookaside, string? Staging, bool? UsesAttachments, string File);
