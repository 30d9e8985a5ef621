using System.Net;
using Podsharp.Engine.Images;
using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Artifacts;

/// <summary>The artifacts at a registry that are about an image: by its referrers API, or where it has none by the list under a tag that is made of the image's
/// digest (OCI distribution-spec, "Listing Referrers", "Referrers Tag Schema").</summary>
/// <param name="connection">The connection; it stays the caller's.</param>
/// <param name="repository">A name in the repository.</param>
internal sealed class ArtifactReferrers(RegistryConnection connection, ImageReference repository)
{
    private const int Largest = 4 * 1024 * 1024;
    private const int MostPages = 1000;
    private const int MostTries = 5;
    private const int LongestHex = 64;

    private string Where => $"{connection.Host}/{repository.Path}";

    /// <summary>Lists them, in the registry's order.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized, Network, DataCorrupt.</exception>
    internal async Task<IReadOnlyList<Descriptor>> ListAsync(string subject, CancellationToken cancellationToken) =>
        await ListByApiAsync(subject, cancellationToken) ?? await ListByTagAsync(subject, cancellationToken);

    /// <summary>Sees to it that an artifact that has been pushed is found. A registry with the API does that by itself.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized, Network, DataCorrupt.</exception>
    internal async Task RecordAsync(string subject, Descriptor artifact, CancellationToken cancellationToken)
    {
        if (await ListByApiAsync(subject, cancellationToken) is not null)
        {
            return;
        }
        // Nobody keeps two from writing the list at once: what another has overwritten is written again.
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var listed = await ListByTagAsync(subject, cancellationToken);
            if (listed.Any(entry => entry.Digest == artifact.Digest))
            {
                return;
            }
            await new RegistryWriter(connection, repository.Path).PutManifestAsync(Tag(subject), ImageManifestJson.WriteIndex([.. listed, artifact]), MediaTypes.OciIndex, cancellationToken);
        }
        throw new ContainerEngineException(ErrorKind.Network, "ReferrersBusy", $"writing the list of artifacts about {subject} in {Where}: others keep changing it", connection.Host, "try again");
    }

    /// <summary>One as others see it.</summary>
    internal ContainerArtifactReferrer ToModel(string subject, Descriptor artifact) => new()
    {
        Name = $"{repository.Repository}@{artifact.Digest}",
        Digest = artifact.Digest,
        Type = artifact.ArtifactType ?? "",
        Size = artifact.Size,
        Annotations = artifact.Annotations ?? EmptyDictionary.Strings,
        Subject = $"{repository.Repository}@{subject}",
    };

    private static string Tag(string subject)
    {
        var digest = ContentDigest.Parse(subject, "the manifest");
        return $"{digest.Algorithm}-{digest.Hex[..LongestHex]}";
    }

    /// <summary>By the API; null where the registry has none.</summary>
    private async Task<IReadOnlyList<Descriptor>?> ListByApiAsync(string subject, CancellationToken cancellationToken)
    {
        var what = $"reading the artifacts about {subject} in {Where}";
        var request = new RegistryRequest(HttpMethod.Get, $"{repository.Path}/referrers/{subject}", repository.Path, what) { Accept = [MediaTypes.OciIndex] };
        var found = new List<Descriptor>();
        for (var count = 0; count < MostPages; count++)
        {
            using var response = await connection.SendAsync(request, cancellationToken);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
                || (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != MediaTypes.OciIndex))
            {
                return null;
            }
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await connection.ErrorAsync(response, what, cancellationToken);
            }
            var page = await LimitedBody.ReadAsync(response, Largest, what, cancellationToken);
            found.AddRange(Entries(page, what));
            if (TagList.NextPage(response) is not { } next)
            {
                return found;
            }
            request = request with { Address = connection.Resolve(response.RequestMessage!.RequestUri!, next, what) };
        }
        throw new ContainerEngineException(ErrorKind.Network, "RegistryError", $"{what}: the list has no end", connection.Host);
    }

    private async Task<IReadOnlyList<Descriptor>> ListByTagAsync(string subject, CancellationToken cancellationToken)
    {
        try
        {
            // The connection stays the caller's, so this reader of it is not disposed of.
            var answer = await new RegistryClient(connection).GetManifestAsync(repository.Path, Tag(subject), cancellationToken);
            return Entries(answer.Bytes, $"{Where}:{Tag(subject)}");
        }
        catch (ContainerEngineException error) when (error.Kind == ErrorKind.NotFound)
        {
            return [];
        }
    }

    private static IReadOnlyList<Descriptor> Entries(byte[] index, string source) =>
        [.. (ImageManifest.Parse(index, MediaTypes.OciIndex, source).Manifests ?? []).Where(entry => ContentDigest.TryParse(entry.Digest, out _))];
}
