namespace Podsharp.Model;

/// <summary>A changed container and what the user should know of the change.</summary>
/// <param name="Container">The container.</param>
/// <param name="Warnings">One sentence each: limits without effect on this host.</param>
public sealed record ContainerUpdateResult(Container Container, IReadOnlyList<string> Warnings);
