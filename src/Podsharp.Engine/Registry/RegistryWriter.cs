using System.Net;
using System.Net.Http.Headers;
using Podsharp.Engine.Images;
using Podsharp.Model;

namespace Podsharp.Engine.Registry;

/// <summary>The write side of the distribution specification, for one repository.</summary>
/// <param name="connection">The connection; it stays the caller's.</param>
/// <param name="repository">Path of the repository.</param>
internal sealed class RegistryWriter(RegistryConnection connection, string repository)
{
    private string Where => $"{connection.Host}/{repository}";

    /// <summary>The size of a blob that the repository has; null where it doesn't have it.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized, Network.</exception>
    internal async Task<long?> FindBlobAsync(string digest, CancellationToken cancellationToken)
    {
        var what = $"looking for blob {digest} in {Where}";
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Head, $"{repository}/blobs/{digest}", repository, what) { ForPush = true }, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => response.Content.Headers.ContentLength ?? -1,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests => throw await connection.ErrorAsync(response, what, cancellationToken),
            >= HttpStatusCode.InternalServerError => throw await connection.ErrorAsync(response, what, cancellationToken),
            // Not every registry has HEAD: then the blob is sent.
            _ => null,
        };
    }

    /// <summary>Takes a blob over from another repository of the registry, without sending it (distribution-spec, "Mounting a blob").</summary>
    /// <returns>False where the registry doesn't.</returns>
    internal async Task<bool> TryMountAsync(string digest, string donor, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Post, $"{repository}/blobs/uploads/?mount={Uri.EscapeDataString(digest)}&from={Uri.EscapeDataString(donor)}", repository,
            $"taking blob {digest} over from {connection.Host}/{donor} to {Where}") { ForPush = true, Donor = donor };
        try
        {
            using var response = await connection.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Accepted && response.Headers.Location is { } begun)
            {
                await AbandonAsync(connection.Resolve(response.RequestMessage!.RequestUri!, begun, request.What), cancellationToken);
            }
            return response.StatusCode == HttpStatusCode.Created;
        }
        catch (ContainerEngineException)
        {
            // It was to save an upload: what is really wrong, the upload will tell.
            return false;
        }
    }

    /// <summary>Sends a blob that is at hand.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized, Network.</exception>
    internal async Task UploadAsync(ReadOnlyMemory<byte> bytes, ContentDigest digest, CancellationToken cancellationToken) =>
        await UploadAsync(async (write, stop) =>
        {
            await write(bytes, stop);
            return new MadeBlob(digest, bytes.Length);
        }, static _ => { }, cancellationToken);

    /// <summary>Sends a blob while it is made.</summary>
    /// <exception cref="ContainerEngineException">Unauthorized, Network; what making it raises.</exception>
    internal Task<MadeBlob> UploadAsync(BlobMaker make, Action<long> progress, CancellationToken cancellationToken) =>
        new BlobUpload(connection, repository, make, progress).RunAsync(cancellationToken);

    /// <summary>Stores a manifest.</summary>
    /// <param name="key">Tag or digest.</param>
    /// <param name="bytes">The manifest.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="ContainerEngineException">Unauthorized, Network; Unsupported: the registry doesn't take manifests of this kind (ManifestRefused);
    /// DataCorrupt: it has stored something else.</exception>
    internal async Task PutManifestAsync(string key, byte[] bytes, string type, CancellationToken cancellationToken)
    {
        var what = $"writing manifest {key} to {Where}";
        using var response = await connection.SendAsync(new RegistryRequest(HttpMethod.Put, $"{repository}/manifests/{key}", repository, what)
        {
            ForPush = true,
            Content = () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        }, cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity)
        {
            var refusal = await connection.ErrorAsync(response, what, cancellationToken);
            throw new ContainerEngineException(ErrorKind.Unsupported, "ManifestRefused", refusal.Reason, Where, "try another format", refusal);
        }
        if (!response.IsSuccessStatusCode)
        {
            throw await connection.ErrorAsync(response, what, cancellationToken);
        }
        var digest = ContentDigest.Of(bytes).ToString();
        if (response.Headers.NonValidated.TryGetValues("Docker-Content-Digest", out var stored) && stored.ToString().Trim() != digest)
        {
            throw new ContainerEngineException(ErrorKind.DataCorrupt, "DigestMismatch", $"{what}: the registry has stored {stored} instead of {digest}", Where);
        }
    }

    /// <summary>Gives an upload up that the registry has begun in vain; it would do that by itself one day.</summary>
    private async Task AbandonAsync(Uri begun, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await connection.SendOnceAsync(
                new RegistryRequest(HttpMethod.Delete, "", repository, "giving up an upload") { Address = begun, ForPush = true }, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException or ContainerEngineException)
        {
            // Nothing depends on it.
        }
    }
}
