using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>A reference at the place where it is really fetched.</summary>
/// <param name="Reference">The reference there; only its domain and path may differ from the image's name.</param>
/// <param name="Insecure">Whether unverified TLS and plain http are allowed.</param>
internal sealed record PullSource(ImageReference Reference, bool Insecure);

/// <summary>Where a full name is fetched from, by registries.conf.</summary>
internal static class PullSources
{
    /// <summary>The places to try, in order: mirrors, then the registry itself.</summary>
    /// <exception cref="ContainerEngineException">The registry is blocked (<c>RegistryBlocked</c>).</exception>
    internal static IReadOnlyList<PullSource> Of(ImageReference reference, RegistriesConf configuration)
    {
        var name = reference.ToString();
        if (configuration.Find(name) is not { } entry)
        {
            return [new PullSource(reference, false)];
        }
        if (entry.Blocked)
        {
            throw Blocked(entry, name);
        }
        var isDigest = reference.Digest is not null;
        return
        [
            .. entry.Mirrors
                .Where(mirror => mirror.Scope == MirrorScope.All || (mirror.Scope == MirrorScope.DigestOnly) == isDigest)
                .Append(entry.Primary)
                .Select(location => new PullSource(Rewrite(reference, entry.Prefix, location.Location), location.Insecure)),
        ];
    }

    /// <summary>The error for a registry that may not be used.</summary>
    internal static ContainerEngineException Blocked(RegistryEntry entry, string name) => new(ErrorKind.PermissionDenied, "RegistryBlocked",
        $"the registry {entry.Prefix} is blocked by the configuration", name, "see \"blocked\" in registries.conf");

    private static ImageReference Rewrite(ImageReference reference, string prefix, string location)
    {
        if (location.Length == 0)
        {
            return reference;
        }
        var repository = reference.Repository;
        var moved = location + repository[Math.Min(repository.Length, RegistryPrefix.MatchLength(prefix, reference.ToString()))..];
        var parsed = ImageReference.Parse(moved);
        return parsed with { Tag = reference.Tag, Digest = reference.Digest };
    }
}
