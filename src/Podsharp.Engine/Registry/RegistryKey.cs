using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>What credentials are kept under: a registry's host, or a part of it (containers-auth.json(5)).</summary>
/// <param name="Text">Host, with namespace and repository where they were given.</param>
/// <param name="Host">The registry's host, with its port where it has one.</param>
internal sealed record RegistryKey(string Text, string Host)
{
    /// <summary>Whether it is for a part of the registry only.</summary>
    internal bool IsPart => Text.Length > Host.Length;

    /// <summary>Reads what a user wrote, an address perhaps.</summary>
    /// <param name="text">What was written; null for the first search registry.</param>
    /// <param name="registries">Names the search registries.</param>
    /// <exception cref="ContainerEngineException">It is none (InvalidArgument).</exception>
    internal static RegistryKey Parse(string? text, RegistriesConf registries)
    {
        if (string.IsNullOrEmpty(text))
        {
            text = registries.UnqualifiedSearchRegistries.FirstOrDefault()
                ?? throw EngineErrors.InvalidArgument("no registries found in registries.conf, a registry must be provided", null, "name the registry");
        }
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var key = (scheme is 4 or 5 && text.StartsWith("http", StringComparison.Ordinal) ? text[(scheme + 3)..] : text).TrimEnd('/');
        var slash = key.IndexOf('/');
        var host = slash < 0 ? key : key[..slash];
        var (path, tag, digest) = slash < 0 ? ("x", null, null) : ImageReference.Split(key[(slash + 1)..]);
        if (tag is not null || digest is not null)
        {
            throw EngineErrors.InvalidArgument($"reference \"{key}\" contains tag or digest", text, "credentials are for a registry, a namespace or a repository");
        }
        return ReferenceGrammar.Check(host, path, null, null) is { } problem
            ? throw EngineErrors.InvalidArgument($"\"{text}\" is not a valid registry: {problem}", text, "write HOST[:PORT][/NAMESPACE[/REPOSITORY]]")
            : new RegistryKey(key, host);
    }
}
