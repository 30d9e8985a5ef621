namespace Podsharp.Model;

/// <summary>An image to be saved.</summary>
/// <param name="NameOrId">The image. Where it is named by a name, it has that in the archive; by its id, none.</param>
/// <param name="AdditionalNames">Further names it gets in the archive.</param>
public sealed record ImageToSave(string NameOrId, IReadOnlyList<string> AdditionalNames)
{
    /// <summary>The further names are meant as a transport means them: in OCI's form any word, as it is written; in Docker's <c>app</c> is
    /// <c>docker.io/library/app:latest</c>. Otherwise <c>app</c> is <c>localhost/app:latest</c>, as for images of the store.</summary>
    public bool TransportNames { get; init; }
}
