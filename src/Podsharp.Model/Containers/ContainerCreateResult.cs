namespace Podsharp.Model;

/// <summary>A new container and what the user should know of it.</summary>
/// <param name="Container">The container.</param>
/// <param name="Warnings">One sentence each: limits clamped, options without effect on this host.</param>
public sealed record ContainerCreateResult(Container Container, IReadOnlyList<string> Warnings);
