namespace Podsharp.Model;

/// <summary>What became of something that was done to all containers of a pod: the failure of one does not keep the others from it.</summary>
/// <param name="Pod">The pod as it is now.</param>
/// <param name="Errors">The containers that it could not be done to.</param>
public sealed record PodReport(Pod Pod, IReadOnlyList<PodContainerError> Errors);
