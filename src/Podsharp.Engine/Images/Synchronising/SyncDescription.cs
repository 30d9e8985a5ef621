using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Podsharp.Engine.Json;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Synchronising;

/// <summary>A repository that a description names, and which of its images are wanted.</summary>
/// <param name="Repository">Its full name.</param>
/// <param name="Registry">How to talk to the registry.</param>
internal sealed record SyncRepository(ImageReference Repository, RegistryOptions Registry)
{
    /// <summary>Tags or digests; none for all tags that are wanted.</summary>
    internal IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether a tag of the registry's is wanted.</summary>
    internal Func<string, bool> Wants { get; init; } = static _ => true;
}

/// <summary>Descriptions of what is to be copied (skopeo-sync(1), "YAML file content").</summary>
internal static class SyncDescription
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads one.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="usual">How to talk to registries where it doesn't say.</param>
    /// <exception cref="ContainerEngineException">InvalidArgument: it can't be understood.</exception>
    internal static IReadOnlyList<SyncRepository> Parse(string yaml, RegistryOptions usual)
    {
        try
        {
            using var document = JsonDocument.Parse(YamlDocument.ToJson(Encoding.UTF8.GetBytes(yaml), asTexts: true));
            return document.RootElement.ValueKind == JsonValueKind.Object ? [.. document.RootElement.EnumerateObject().SelectMany(registry => Read(registry.Name, registry.Value, usual))]
                : throw Invalid("it names no registries");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or RegexParseException)
        {
            throw Invalid(error.Message);
        }
    }

    private static IEnumerable<SyncRepository> Read(string host, JsonElement registry, RegistryOptions usual)
    {
        foreach (var member in registry.EnumerateObject())
        {
            if (member.Name is not ("images" or "images-by-tag-regex" or "images-by-semver" or "credentials" or "tls-verify" or "cert-dir"))
            {
                throw Invalid($"\"{member.Name}\" of {host} is unknown");
            }
        }
        var options = Options(registry, usual);
        foreach (var (name, value) in Members(registry, "images"))
        {
            yield return new SyncRepository(Repository(host, name), options)
            {
                Names = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.ToString())] : [],
            };
        }
        foreach (var (name, value) in Members(registry, "images-by-tag-regex"))
        {
            var pattern = new Regex(value.ToString(), RegexOptions.CultureInvariant, s_patience);
            yield return new SyncRepository(Repository(host, name), options) { Wants = pattern.IsMatch };
        }
        foreach (var (name, value) in Members(registry, "images-by-semver"))
        {
            var range = VersionRange.Parse(value.ToString());
            yield return new SyncRepository(Repository(host, name), options) { Wants = tag => SemanticVersion.TryParse(tag) is { } version && range.Contains(version) };
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement registry, string name) =>
        registry.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member.EnumerateObject().Select(item => (item.Name, item.Value)) : [];

    private static ImageReference Repository(string host, string name) => ImageReference.Parse($"{host}/{name}") is { Tag: null, Digest: null } repository ? repository
        : throw Invalid($"\"{name}\" of {host} is no repository: tags are listed below it");

    private static RegistryOptions Options(JsonElement registry, RegistryOptions usual)
    {
        if (registry.TryGetProperty("credentials", out var credentials) && credentials.ValueKind == JsonValueKind.Object)
        {
            usual = usual with { UserName = Text(credentials, "username") ?? usual.UserName, Password = Text(credentials, "password") ?? usual.Password };
        }
        return usual with
        {
            TlsVerify = Text(registry, "tls-verify") is not { } verify ? usual.TlsVerify : bool.TryParse(verify, out var isVerified) ? isVerified : throw Invalid($"tls-verify is true or false, not {verify}"),
            CertificateDirectory = Text(registry, "cert-dir") ?? usual.CertificateDirectory,
        };
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ContainerEngineException Invalid(string problem) => EngineErrors.InvalidArgument($"the description of what is to be copied is wrong: {problem}", null, "see skopeo-sync(1)");
}
