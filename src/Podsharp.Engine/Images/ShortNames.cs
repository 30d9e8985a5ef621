using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images;

/// <summary>Names without a registry (<c>nginx</c>): aliases and search registries of registries.conf.</summary>
internal static class ShortNames
{
    /// <summary>The full names a user may mean by a name in local storage, best first.</summary>
    /// <exception cref="ContainerEngineException">The name is malformed (<c>InvalidReference</c>).</exception>
    internal static IReadOnlyList<ImageReference> LocalCandidates(string name, RegistriesConf configuration)
    {
        var parsed = ImageReference.Parse(name).WithDefaultTag();
        if (!ImageReference.IsShort(name))
        {
            return [parsed];
        }
        var (repository, _, _) = ImageReference.Split(ImageReference.StripTransport(name));
        var candidates = new List<ImageReference>();
        if (FromAlias(repository, parsed, configuration) is { } alias)
        {
            candidates.Add(alias);
        }
        candidates.AddRange(configuration.UnqualifiedSearchRegistries.Prepend("localhost").Select(registry => At(registry, repository, parsed)));
        return candidates;
    }

    /// <summary>The full names to try, in order, when a name is to be pulled.</summary>
    /// <exception cref="ContainerEngineException">The name is malformed, or stands for nothing.</exception>
    internal static IReadOnlyList<ImageReference> PullCandidates(string name, RegistriesConf configuration)
    {
        var parsed = ImageReference.Parse(name).WithDefaultTag();
        // docker:// says where the name belongs.
        if (!ImageReference.IsShort(name) || name.StartsWith("docker://", StringComparison.Ordinal))
        {
            return [parsed];
        }
        var (repository, _, _) = ImageReference.Split(name);
        if (FromAlias(repository, parsed, configuration) is { } alias)
        {
            return [alias];
        }
        var registries = configuration.UnqualifiedSearchRegistries;
        return registries.Count > 0 ? [.. registries.Select(registry => At(registry, repository, parsed))]
            : throw new ContainerEngineException(ErrorKind.InvalidArgument, "ShortNameUnresolved",
                $"short-name \"{name}\" did not resolve to an alias and no unqualified-search registries are defined in \"{configuration.MainFile}\"",
                name, $"write the full name, for example {parsed}");
    }

    /// <summary>The error for a name that may not be guessed.</summary>
    internal static ContainerEngineException Ambiguous(string name, IReadOnlyList<ImageReference> candidates) => new(ErrorKind.Ambiguous, "ShortNameAmbiguous",
        $"short-name \"{name}\" could be any of {string.Join(", ", candidates)}, and short-name-mode is enforcing", name,
        $"write the full name, for example {candidates[0]}");

    private static ImageReference? FromAlias(string repository, ImageReference parsed, RegistriesConf configuration) =>
        configuration.Aliases.TryGetValue(repository, out var target)
            ? ImageReference.Parse(target) with { Tag = parsed.Tag, Digest = parsed.Digest }
            : null;

    private static ImageReference At(string registry, string repository, ImageReference parsed) =>
        ImageReference.Parse($"{registry}/{repository}") with { Tag = parsed.Tag, Digest = parsed.Digest };
}
