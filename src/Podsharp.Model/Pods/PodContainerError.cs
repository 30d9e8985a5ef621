namespace Podsharp.Model;

/// <summary>What went wrong with one container of a pod.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="Message">Why, as one sentence.</param>
public sealed record PodContainerError(string ContainerId, string Message);
