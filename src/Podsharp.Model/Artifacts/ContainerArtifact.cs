namespace Podsharp.Model;

/// <summary>An OCI artifact of the local store: files under a name, as a registry keeps them.</summary>
public sealed record ContainerArtifact
{
    /// <summary>The name it was given, as it was written then; empty for one without.</summary>
    public required string Name { get; init; }
    /// <summary>The name's repository: registry and path.</summary>
    public string Repository { get; init; } = "";
    /// <summary>The name's tag; empty where it has none.</summary>
    public string Tag { get; init; } = "";
    /// <summary>The digest of its manifest, <c>sha256:...</c>.</summary>
    public required string Digest { get; init; }
    /// <summary>The digest's hexadecimal part, which artifacts are named by, too.</summary>
    public string Id => Digest[(Digest.IndexOf(':') + 1)..];
    /// <summary>What kind it says it is (<c>application/spdx+json</c>, ...); empty where it doesn't say.</summary>
    public string Type { get; init; } = "";
    /// <summary>When it was made; null where it doesn't say.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>Bytes of all its files.</summary>
    public long Size { get; init; }
    /// <summary>Number of its files.</summary>
    public int FileCount { get; init; }
    /// <summary>The digest of the image that it is about; empty for none.</summary>
    public string Subject { get; init; } = "";
    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? Name : Digest;
}
