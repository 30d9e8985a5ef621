using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>A reference at the place where it is really fetched.</summary>
/// <param name="Reference">The reference there; only its domain and path may differ from the image's name.</param>
/// <param name="Insecure">Whether unverified TLS and plain http are allowed.</param>
internal sealed record PullSource(ImageReference Reference, bool Insecure)
{
    /// <summary>Whether it is at another host than the image's name says: credentials that somebody gave for that name aren't for it.</summary>
    internal bool IsElsewhere { get; init; }

    /// <summary>The entry by which nothing may be fetched there; null where it may.</summary>
    internal RegistryEntry? BlockedBy { get; init; }
}

/// <summary>Where a full name is fetched from, by registries.conf.</summary>
internal static class PullSources
{
    /// <summary>The places to try, in order: mirrors, then the registry itself. One that is blocked is among them, so that it is told of when the others
    /// don't have the image: who blocks a registry and names mirrors wants the mirrors to be used, and only them.</summary>
    internal static IReadOnlyList<PullSource> Of(ImageReference reference, RegistriesConf configuration)
    {
        if (configuration.Find(reference.ToString()) is not { } entry)
        {
            return [new PullSource(reference, false)];
        }
        var isDigest = reference.Digest is not null;
        return
        [
            .. entry.Mirrors
                .Where(mirror => mirror.Scope == MirrorScope.All || (mirror.Scope == MirrorScope.DigestOnly) == isDigest)
                .Select(mirror => At(mirror, reference, entry, configuration)),
            At(entry.Primary, reference, entry, configuration) is var primary && entry.Blocked ? primary with { BlockedBy = entry } : primary,
        ];
    }

    /// <summary>The error for a registry that may not be used.</summary>
    internal static ContainerEngineException Blocked(RegistryEntry entry, string name) => new(ErrorKind.PermissionDenied, "RegistryBlocked",
        $"the registry {entry.Prefix} is blocked by the configuration", name, "see \"blocked\" in registries.conf");

    /// <summary>The error where no place has an image: the only one, or all together with the last one's kind, which is the registry's own.</summary>
    internal static ContainerEngineException Combine(string name, IReadOnlyList<ContainerEngineException> errors) => errors.Count == 1 ? errors[0] : new(errors[^1].Kind, errors[^1].ErrorId,
        $"{name} could not be fetched from any of {errors.Count} places: {string.Join("; ", errors.Select(error => error.Reason))}",
        name, errors[^1].Remedy, errors[^1]);

    private static PullSource At(RegistryLocation place, ImageReference reference, RegistryEntry entry, RegistriesConf configuration)
    {
        var moved = Rewrite(reference, entry.Prefix, place.Location);
        return new PullSource(moved, place.Insecure)
        {
            IsElsewhere = moved.Domain != reference.Domain,
            BlockedBy = configuration.Find(moved.ToString()) is { Blocked: true } blocked ? blocked : null,
        };
    }

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
