using Podsharp.Engine.Registry;
using Podsharp.Model;

namespace Podsharp.Engine.Images.Transports;

/// <summary>An image at a registry.</summary>
/// <param name="client">The connection, which becomes the origin's own.</param>
/// <param name="source">Its name there.</param>
internal sealed class RegistryOrigin(RegistryClient client, ImageReference source) : ImageOrigin
{
    private ManifestAnswer? _top;

    /// <inheritdoc/>
    internal override string Name => source.ToString();

    /// <inheritdoc/>
    internal override ImageReference Reference => source;

    /// <summary>Opens an image at the first of its registry's mirrors that has it, or at the registry itself.</summary>
    /// <exception cref="ContainerEngineException">None has it, and why; RegistryBlocked.</exception>
    internal static async Task<RegistryOrigin> OpenAsync(RegistryAccess access, ImageReference reference, RegistryOptions options, Action<string> onRetry, CancellationToken cancellationToken)
    {
        ContainerEngineException? last = null;
        foreach (var source in PullSources.Of(reference, access.Registries))
        {
            var origin = new RegistryOrigin(await access.ReadAsync(source, options, onRetry, cancellationToken), source.Reference);
            try
            {
                await origin.ReadManifestAsync(null, cancellationToken);
                return origin;
            }
            catch (ContainerEngineException error)
            {
                await origin.DisposeAsync();
                last = error;
            }
            catch
            {
                await origin.DisposeAsync();
                throw;
            }
        }
        throw last!;
    }

    /// <inheritdoc/>
    internal override async Task<ManifestAnswer> ReadManifestAsync(ContentDigest? digest, CancellationToken cancellationToken) => digest is { } wanted
        ? await client.GetManifestAsync(source.Path, wanted.ToString(), cancellationToken)
        : _top ??= await client.GetManifestAsync(source.Path, source.ManifestKey, cancellationToken);

    /// <inheritdoc/>
    internal override ValueTask<BlobSource> OpenBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        var download = client.OpenBlob(source.Path, blob);
        return new(new BlobSource(download.ReadAsync, download));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
