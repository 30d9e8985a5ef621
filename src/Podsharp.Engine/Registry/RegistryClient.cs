using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>What a registry says when asked for a manifest.</summary>
/// <param name="Bytes">The exact bytes.</param>
/// <param name="ContentType">The media type as the registry calls it, without parameters; null for none.</param>
/// <param name="Digest">The digest of the bytes.</param>
internal sealed record ManifestAnswer(byte[] Bytes, string? ContentType, ContentDigest Digest)
{
    /// <summary>How much may still be fetched; null where the registry doesn't say.</summary>
    internal RegistryRateLimit? RateLimit { get; init; }
}

/// <summary>The read side of the distribution specification, at one registry.</summary>
/// <param name="connection">The connection, which becomes the client's own.</param>
internal sealed class RegistryClient(RegistryConnection connection) : IDisposable
{
    private const int LargestManifest = 4 * 1024 * 1024;
    private const int LargestTagList = 4 * 1024 * 1024;
    private const int MostTagPages = 1000;

    /// <summary>Host that is spoken to.</summary>
    internal string Host => connection.Host;

    /// <summary>Told before each further try, with the reason.</summary>
    internal Action<string>? OnRetry => connection.OnRetry;

    /// <summary>How often requests are tried again.</summary>
    internal RetryPolicy Retry => connection.Retry;

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>Asks the registry whether it accepts the credentials.</summary>
    /// <param name="what">What is done, for messages.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ContainerEngineException">Unauthorized: it doesn't. Network.</exception>
    internal async Task CheckCredentialsAsync(string what, CancellationToken cancellationToken)
    {
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Get, "", null, what), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await connection.ErrorAsync(response, what, cancellationToken);
        }
    }

    /// <summary>Fetches a manifest or an index.</summary>
    /// <param name="repository">Path of the repository.</param>
    /// <param name="key">Tag or digest. The bytes are checked against a digest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network; DataCorrupt for bytes of another digest.</exception>
    internal async Task<ManifestAnswer> GetManifestAsync(string repository, string key, CancellationToken cancellationToken)
    {
        var what = $"reading manifest {key} in {Host}/{repository}";
        using var response = await connection.SendAsync(
            new RegistryRequest(HttpMethod.Get, $"{repository}/manifests/{key}", repository, what) { Accept = MediaTypes.Manifests }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await connection.ErrorAsync(response, what, cancellationToken);
        }
        var bytes = await ReadBodyAsync(response, LargestManifest, what, $"the manifest {key} of {Host}/{repository}", cancellationToken);
        var expected = ContentDigest.TryParse(key, out var digest) ? digest : Announced(response);
        var actual = (expected ?? ContentDigest.Of([])).Same(bytes);
        if (expected is { } wanted && wanted != actual)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch",
                $"{what}: the registry sent a manifest with the digest {actual} instead of {wanted}", $"{Host}/{repository}");
        }
        return new ManifestAnswer(bytes, response.Content.Headers.ContentType?.MediaType, expected is null ? ContentDigest.Of(bytes) : actual) { RateLimit = RateLimits.Read(response) };
    }

    /// <summary>Removes a manifest, and with it all tags that name it (distribution-spec, "Deleting manifests").</summary>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network; Unsupported: the registry doesn't do that (RegistryDeleteRefused).</exception>
    internal async Task DeleteManifestAsync(string repository, ContentDigest digest, CancellationToken cancellationToken)
    {
        var what = $"removing manifest {digest} from {Host}/{repository}";
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Delete, $"{repository}/manifests/{digest}", repository, what) { ForDelete = true }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            throw new ContainerEngineException(ErrorKind.Unsupported, "RegistryDeleteRefused", $"{what}: the registry doesn't allow that", $"{Host}/{repository}",
                "its administrator has to allow it (docker-registry: storage.delete.enabled), or it is done by the registry's own means");
        }
        if (!response.IsSuccessStatusCode)
        {
            throw await connection.ErrorAsync(response, what, cancellationToken);
        }
    }

    /// <summary>Lists the tags of a repository, in the registry's order (distribution-spec, "Content Discovery").</summary>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network; DataCorrupt: the answer is no list.</exception>
    internal async Task<IReadOnlyList<string>> GetTagsAsync(string repository, CancellationToken cancellationToken)
    {
        var what = $"reading the tags of {Host}/{repository}";
        var tags = new List<string>();
        await foreach (var page in PagesAsync(new(HttpMethod.Get, $"{repository}/tags/list", repository, what), cancellationToken))
        {
            tags.AddRange(TagList.Parse(page, what));
        }
        return tags;
    }

    /// <summary>Lists the registry's repositories, in its order (distribution: "Catalog"). Few public registries allow it.</summary>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network; DataCorrupt: the answer is no list.</exception>
    internal async IAsyncEnumerable<string> GetRepositoriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var what = $"reading the repositories of {Host}";
        await foreach (var page in PagesAsync(new(HttpMethod.Get, "_catalog", null, what) { ForCatalog = true }, cancellationToken))
        {
            foreach (var repository in RepositoryList.Parse(page, what))
            {
                yield return repository;
            }
        }
    }

    /// <summary>Asks the registry itself to search (Docker's first protocol); null where it doesn't.</summary>
    /// <exception cref="ContainerEngineException">Network; DataCorrupt: the answer is no list.</exception>
    internal async Task<IReadOnlyList<FoundRepository>?> SearchAsync(string term, int limit, CancellationToken cancellationToken)
    {
        var what = $"searching {Host}";
        var path = string.Create(CultureInfo.InvariantCulture, $"../v1/search?q={Uri.EscapeDataString(term)}&n={limit}");
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Get, path, null, what), cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? RepositoryList.ParseSearch(await ReadBodyAsync(response, LargestTagList, what, what, cancellationToken), what) : null;
    }

    private async IAsyncEnumerable<byte[]> PagesAsync(RegistryRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var count = 0; count < MostTagPages; count++)
        {
            using var response = await connection.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await connection.ErrorAsync(response, request.What, cancellationToken);
            }
            yield return await ReadBodyAsync(response, LargestTagList, request.What, request.What, cancellationToken);
            if (TagList.NextPage(response) is not { } next)
            {
                yield break;
            }
            request = request with { Address = connection.Resolve(response.RequestMessage!.RequestUri!, next, request.What) };
        }
        throw new ContainerEngineException(ErrorKind.Network, "RegistryError", $"{request.What}: the list has no end", Host);
    }

    private async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, int limit, string what, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await LimitedBody.ReadAsync(response, limit, name, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw RegistryErrors.FromException(error, what, Host);
        }
    }

    private static ContentDigest? Announced(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var values) &&
        ContentDigest.TryParse(values.ToString().Trim(), out var digest) ? digest : null;

    /// <summary>Starts the download of a blob. Nothing of it is verified yet but its size.</summary>
    internal BlobDownload OpenBlob(string repository, Descriptor descriptor) => new(this, repository, descriptor);

    /// <summary>Sends a request for a blob from an offset on.</summary>
    internal Task<HttpResponseMessage> GetBlobAsync(string repository, string digest, long offset, CancellationToken cancellationToken) =>
        connection.SendAsync(new RegistryRequest(HttpMethod.Get, $"{repository}/blobs/{digest}", repository, $"reading blob {digest} in {Host}/{repository}")
        {
            Offset = offset,
        }, cancellationToken);

    /// <summary>Sends a request for a blob that is kept elsewhere, without credentials.</summary>
    internal Task<HttpResponseMessage> GetForeignAsync(Uri address, long offset, CancellationToken cancellationToken) =>
        connection.GetForeignAsync(address, offset, cancellationToken);

    /// <summary>The error for an answer to <see cref="GetBlobAsync"/> that is no success.</summary>
    internal Task<ContainerEngineException> ErrorAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken) =>
        connection.ErrorAsync(response, what, cancellationToken);
}
