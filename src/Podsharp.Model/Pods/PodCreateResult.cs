namespace Podsharp.Model;

/// <summary>A pod that was made.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Warnings">What was asked for and has no effect.</param>
public sealed record PodCreateResult(Pod Pod, IReadOnlyList<string> Warnings);
