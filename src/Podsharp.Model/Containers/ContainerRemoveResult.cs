namespace Podsharp.Model;

/// <summary>A container that was removed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Dependents">The ids of the containers that required it and were removed before it.</param>
public sealed record ContainerRemoveResult(string Id, IReadOnlyList<string> Dependents);
