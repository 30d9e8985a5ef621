using Podsharp.Engine.Registry;
using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An image at a registry.</summary>
/// <param name="client">The connection, which becomes the origin's own.</param>
/// <param name="source">Its name there.</param>
internal sealed class RegistryOrigin(RegistryClient client, ImageReference source) : ImageOrigin
{
    private readonly Dictionary<ContentDigest, IReadOnlyList<byte[]>> _signatures = [];
    private ManifestAnswer? _top;

    /// <summary>Where signatures are; null where nobody asks for them.</summary>
    internal RegistriesDirectory? SignaturePlaces { get; init; }

    /// <inheritdoc/>
    internal override string Name => source.ToString();

    /// <inheritdoc/>
    internal override ImageReference Reference => source;

    /// <summary>Opens an image at the first of its registry's mirrors that has it, or at the registry itself.</summary>
    /// <exception cref="ContainerEngineException">None has it, and why; RegistryBlocked.</exception>
    internal static async Task<RegistryOrigin> OpenAsync(RegistryAccess access, ImageReference reference, RegistryOptions options, Action<string> onRetry, CancellationToken cancellationToken,
        RegistriesDirectory? signaturePlaces = null)
    {
        var errors = new List<ContainerEngineException>();
        foreach (var source in PullSources.Of(reference, access.Registries))
        {
            RegistryOrigin? origin = null;
            try
            {
                origin = new RegistryOrigin(await access.ReadAsync(source, options, onRetry, cancellationToken), source.Reference) { SignaturePlaces = signaturePlaces };
                await origin.ReadManifestAsync(null, cancellationToken);
                return origin;
            }
            catch (Exception error)
            {
                if (origin is not null)
                {
                    await origin.DisposeAsync();
                }
                if (error is not ContainerEngineException reason)
                {
                    throw;
                }
                errors.Add(reason);
            }
        }
        throw PullSources.Combine(reference.ToString(), errors);
    }

    /// <inheritdoc/>
    internal override async Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken) => digest is { } wanted
        ? await client.GetManifestAsync(source.Path, wanted.ToString(), cancellationToken)
        : _top ??= await client.GetManifestAsync(source.Path, source.ManifestKey, cancellationToken);

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<byte[]>> ReadSignaturesAsync(ContentDigest? digest, CancellationToken cancellationToken)
    {
        if (SignaturePlaces is null)
        {
            return [];
        }
        var manifest = digest ?? (await ReadManifestAsync(null, cancellationToken)).Digest;
        if (!_signatures.TryGetValue(manifest, out var known))
        {
            var signatures = await new RegistrySignatures(client, source, SignaturePlaces).ReadAsync(manifest, cancellationToken);
            _signatures[manifest] = known = [.. signatures.Select(signature => signature.ToBlob())];
        }
        return known;
    }

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var download = client.OpenBlob(source.Path, blob);
        return new(new BlobSource(download.ReadAsync, download));
    }

    /// <summary>The repository's tags.</summary>
    /// <exception cref="ContainerEngineException">NotFound, Unauthorized, Network.</exception>
    internal Task<IReadOnlyList<string>> ReadTagsAsync(CancellationToken cancellationToken) => client.GetTagsAsync(source.Path, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
