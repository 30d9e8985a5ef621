using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Artifacts.</content>
internal sealed partial class LocalContainerEngine
{
    public IAsyncEnumerable<ContainerArtifact> ListArtifactsAsync(CancellationToken cancellationToken) => Sequence(() => parts.Artifacts.List(), cancellationToken);

    public Task<ContainerArtifactDetail> InspectArtifactAsync(string nameOrDigest, CancellationToken cancellationToken) => Run(() => parts.Artifacts.Inspect(nameOrDigest), cancellationToken);

    public Task<ContainerArtifact> AddArtifactAsync(ArtifactAddRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Artifacts.Add(request, cancellationToken), cancellationToken);

    public Task ReadArtifactFileAsync(string nameOrDigest, string file, Stream target, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Artifacts.ReadFileAsync(nameOrDigest, file, target, cancellationToken), cancellationToken);

    public Task<string> RemoveArtifactAsync(string nameOrDigest, CancellationToken cancellationToken) =>
        RunWaiting(() => parts.Artifacts.Remove(nameOrDigest, cancellationToken), cancellationToken);

    public IAsyncEnumerable<ImageCopyProgress> PullArtifactAsync(ArtifactPullRequest request, CancellationToken cancellationToken) => parts.Artifacts.PullAsync(request, cancellationToken);

    public IAsyncEnumerable<ImageCopyProgress> PushArtifactAsync(ArtifactPushRequest request, CancellationToken cancellationToken) => parts.Artifacts.PushAsync(request, cancellationToken);

    public Task<ContainerArtifactReferrer> AttachArtifactAsync(ArtifactAttachRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => parts.Artifacts.AttachAsync(request, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<ContainerArtifactReferrer> ListArtifactReferrersAsync(ArtifactReferrerQuery query,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var referrer in await Task.Run(() => parts.Artifacts.FindReferrersAsync(query, cancellationToken), cancellationToken))
            yield return referrer;
    }
}
