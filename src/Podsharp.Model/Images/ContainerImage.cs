namespace Podsharp.Model;

/// <summary>An image in local storage, as a list shows it.</summary>
public sealed record ContainerImage
{
    /// <summary>64 lower-case hexadecimal characters: the digest of its configuration.</summary>
    public required string Id { get; init; }
    /// <summary>Full names (<c>docker.io/library/nginx:latest</c>); empty for a dangling image.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>Manifest digest (<c>sha256:…</c>).</summary>
    public string Digest { get; init; } = "";
    /// <summary>All digests it can be found by, as <c>repository@sha256:…</c>.</summary>
    public IReadOnlyList<string> RepoDigests { get; init; } = [];
    /// <summary>When it was built.</summary>
    public DateTimeOffset Created { get; init; }
    /// <summary>Bytes of its layers, unpacked.</summary>
    public long Size { get; init; }
    /// <summary>Labels; null where the list was asked for without them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    /// <summary>Containers that use it (of any engine in the store).</summary>
    public int Containers { get; init; }
    /// <summary>Whether the store that holds it is read-only.</summary>
    public bool ReadOnly { get; init; }
    /// <summary>Id of the top layer; empty for none.</summary>
    public string TopLayer { get; init; } = "";
    /// <summary>The first name's repository, <c>&lt;none&gt;</c> without a name.</summary>
    public string Repository => Names.Count == 0 ? "<none>" : ImageName.Split(Names[0]).Repository;
    /// <summary>The first name's tag, <c>&lt;none&gt;</c> without one.</summary>
    public string Tag => Names.Count == 0 ? "<none>" : ImageName.Split(Names[0]).Tag ?? "<none>";
    /// <summary>The first 12 characters of the id.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;
    /// <inheritdoc/>
    public override string ToString() => Names.Count > 0 ? Names[0] : Id;
}
