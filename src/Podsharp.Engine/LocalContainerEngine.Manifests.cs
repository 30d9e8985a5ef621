using System.Runtime.CompilerServices;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Lists of images.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ContainerManifest> ListManifestsAsync(CancellationToken cancellationToken) =>
        Sequence(() => parts.Images.Lists.List(), cancellationToken);

    public Task<ContainerManifest> InspectManifestAsync(string nameOrId, RegistryOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Images.Lists.InspectAsync(nameOrId, options, cancellationToken), cancellationToken);

    public Task<bool> ManifestExistsAsync(string nameOrId, CancellationToken cancellationToken) =>
        Run(() => parts.Images.Lists.Exists(nameOrId), cancellationToken);

    public Task<ContainerManifest> CreateManifestAsync(ManifestCreateRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Images.Lists.CreateAsync(request, cancellationToken), cancellationToken);

    public Task<ContainerManifest> AddManifestImagesAsync(string nameOrId, ManifestAddRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Images.Lists.AddAsync(nameOrId, request, cancellationToken), cancellationToken);

    public Task<ContainerManifest> AnnotateManifestAsync(string nameOrId, ManifestAnnotateRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Images.Lists.AnnotateAsync(nameOrId, request, cancellationToken), cancellationToken);

    public Task<ContainerManifest> RemoveManifestImageAsync(string nameOrId, string digest, CancellationToken cancellationToken) =>
        Run(() => parts.Images.Lists.Remove(nameOrId, digest, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<ImageCopyProgress> PushManifestAsync(ManifestPushRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var progress in parts.Images.PushListAsync(request, cancellationToken))
        {
            if (progress.Result is { } result)
                Log("push", parts.Images.GetAny(request.Name).Image.Id, result.Destination);
            yield return progress;
        }
    }

    public async Task<ImageRemoveResult> RemoveManifestAsync(string nameOrId, CancellationToken cancellationToken)
    {
        await Run(() => parts.Images.Lists.Get(nameOrId), cancellationToken);
        return await parts.Remover.RemoveImageAsync(nameOrId, force: false, keepParents: true, cancellationToken);
    }
}
