using Podsharp.Engine.Images;

namespace Podsharp.Engine.Trust;

/// <summary>An image about which a policy is asked.</summary>
/// <param name="Transport">The transport's name: <c>docker</c> for registries, <c>dir</c>, <c>oci</c>, <c>docker-archive</c>, ...</param>
/// <param name="Name">The image's name, for messages.</param>
internal sealed record PolicyImage(string Transport, string Name)
{
    /// <summary>Its scopes, the narrowest first.</summary>
    public IEnumerable<string> Scopes { get; init; } = [];

    /// <summary>The name that signatures may bear; null where it has none.</summary>
    public ImageReference? Reference { get; init; }

    /// <summary>An image at a registry, by its own name, not a mirror's.</summary>
    internal static PolicyImage AtRegistry(ImageReference reference)
    {
        // A digest decides: the tag beside it says nothing.
        var name = (reference.Digest is null ? reference : reference with { Tag = null }).WithDefaultTag();
        return new PolicyImage("docker", reference.ToString()) { Scopes = PolicyScopes.OfRegistry(name), Reference = name };
    }

    /// <summary>An image in a directory or an archive.</summary>
    /// <param name="transport">The transport's name.</param>
    /// <param name="path">Absolute path; null for one that comes through a pipe.</param>
    internal static PolicyImage InFiles(string transport, string? path) => new(transport, path is null ? $"the {transport}" : $"{transport}:{path}")
    {
        Scopes = path is null || transport is "docker-archive" or "tarball" ? [] : PolicyScopes.OfPath(path),
    };
}
