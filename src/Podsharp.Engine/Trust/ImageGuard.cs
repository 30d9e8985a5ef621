namespace Podsharp.Engine.Trust;

/// <summary>The policy that decides on what comes from a place.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Image">What the policy calls the image.</param>
internal sealed record ImageGuard(SignaturePolicy Policy, PolicyImage Image)
{
    /// <summary>Refuses what is refused whatever signatures it bears; null where the host has no policy.</summary>
    /// <exception cref="Model.ContainerEngineException">PolicyRejected.</exception>
    internal static ImageGuard? Of(SignaturePolicy? policy, PolicyImage image)
    {
        if (policy is null)
            return null;
        policy.Check(image);
        return new ImageGuard(policy, image);
    }
}
