using System.Text.Json;
using Podsharp.Engine.Configuration;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>containers-policy.json(5): which images may be fetched. Signatures can't be checked yet, so whatever asks for one is
/// refused: a policy must never be weaker here than it reads.</summary>
internal sealed class SignaturePolicy
{
    private readonly string _file;
    private readonly JsonElement _root;

    private SignaturePolicy(string file, JsonElement root)
    {
        _file = file;
        _root = root;
    }

    /// <summary>Reads the policy; null where the host has none, which allows everything.</summary>
    /// <exception cref="ContainerEngineException">The file is malformed or can't be read.</exception>
    internal static SignaturePolicy? Load(ConfigurationEnvironment environment)
    {
        string[] candidates =
            [Path.Combine(environment.ConfigHome, "containers/policy.json"), environment.SystemPath("/etc/containers/policy.json")];
        if (candidates.FirstOrDefault(File.Exists) is not { } file)
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? new SignaturePolicy(file, root) : throw new JsonException();
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid",
                $"the signature policy {file} is not valid JSON or can't be read", file, "correct it", error);
        }
    }

    /// <summary>Checks an image before anything of it is fetched.</summary>
    /// <exception cref="ContainerEngineException">The policy rejects it, or asks for a signature.</exception>
    internal void Check(ImageReference reference)
    {
        var requirements = Find(reference);
        if (requirements is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw Refused(reference, "has no requirements for it, which accepts nothing");
        }
        foreach (var requirement in list.EnumerateArray())
        {
            var type = requirement.ValueKind == JsonValueKind.Object && requirement.TryGetProperty("type", out var member) ? member.ToString() : "";
            if (type != "insecureAcceptAnything")
            {
                throw Refused(reference, type == "reject" ? "rejects it" : $"asks for a signature of the kind {type}, which can't be checked");
            }
        }
    }

    private JsonElement? Find(ImageReference reference)
    {
        if (_root.TryGetProperty("transports", out var transports) && transports.ValueKind == JsonValueKind.Object &&
            transports.TryGetProperty("docker", out var docker) && docker.ValueKind == JsonValueKind.Object)
        {
            foreach (var scope in Scopes(reference))
            {
                if (docker.TryGetProperty(scope, out var requirements))
                {
                    return requirements;
                }
            }
        }
        return _root.TryGetProperty("default", out var fallback) ? fallback : null;
    }

    /// <summary>The scopes of a reference, the narrowest first; the first one found is used alone.</summary>
    private static IEnumerable<string> Scopes(ImageReference reference)
    {
        yield return reference.Digest is null ? $"{reference.Repository}:{reference.Tag ?? "latest"}" : $"{reference.Repository}@{reference.Digest}";
        var name = reference.Repository;
        for (var slash = name.Length; slash > 0; slash = name.LastIndexOf('/', slash - 1))
        {
            yield return name[..slash];
        }
        var host = reference.Domain.Split(':')[0];
        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.', dot + 1))
        {
            yield return "*" + host[dot..];
        }
        yield return "";
    }

    private ContainerEngineException Refused(ImageReference reference, string why) => new(ErrorKind.PermissionDenied, "PolicyRejected",
        $"{reference} may not be fetched: the signature policy {_file} {why}", reference.ToString(), "see containers-policy.json(5)");
}
