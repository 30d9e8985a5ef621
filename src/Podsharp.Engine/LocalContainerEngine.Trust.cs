using Podsharp.Engine.Trust;
using Podsharp.Model;

namespace Podsharp.Engine;

/// <content>Trust in images.</content>
internal sealed partial class LocalContainerEngine
{
    public Task<TrustPolicy> GetTrustPolicyAsync(TrustPolicyRequest request, CancellationToken cancellationToken) =>
        RunWaiting(() => new TrustPolicyStore(parts.Environment).Get(request, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<TrustPolicyEntry>> SetTrustPolicyAsync(TrustPolicyChange change, CancellationToken cancellationToken) =>
        RunWaiting(() => new TrustPolicyStore(parts.Environment).Set(change, cancellationToken), cancellationToken);

    public IAsyncEnumerable<ImageSignResult> SignImageAsync(ImageSignRequest request, CancellationToken cancellationToken) =>
        new RegistrySigner(parts.Environment, parts.Conf).SignAsync(request, cancellationToken);

    public Task<ImageVerification> VerifyImageAsync(ImageVerifyRequest request, CancellationToken cancellationToken) =>
        new RegistrySigner(parts.Environment, parts.Conf).VerifyAsync(request, cancellationToken);
}
