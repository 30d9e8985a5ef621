using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Copying images between places.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ImageCopyProgress> CopyImageAsync(ImageCopyRequest request, CancellationToken cancellationToken) =>
        parts.Images.CopyAsync(request, cancellationToken);

    public IAsyncEnumerable<ImageSyncProgress> SynchroniseImagesAsync(ImageSyncRequest request, CancellationToken cancellationToken) =>
        parts.Images.SynchroniseAsync(request, cancellationToken);

    public Task<ImageTransferResult> TransferImageAsync(ImageTransferRequest request, CancellationToken cancellationToken) =>
        parts.Images.TransferAsync(request, parts.Options.ExecutablePath ?? ExecutableFinder.Find(parts.Environment), !parts.Host.IsRootless, cancellationToken);

    public Task<RemoteContainerImage> InspectRemoteImageAsync(RemoteImageRequest request, CancellationToken cancellationToken) =>
        parts.Images.InspectRemoteAsync(request, cancellationToken);

    public Task<RemoteImageRemoveResult> RemoveRemoteImageAsync(RemoteImageRemoveRequest request, CancellationToken cancellationToken) =>
        parts.Images.RemoveRemoteAsync(request, cancellationToken);
}
