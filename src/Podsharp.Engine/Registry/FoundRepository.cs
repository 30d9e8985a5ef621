namespace Podsharp.Engine.Registry;

/// <summary>What a registry's own search says of a repository.</summary>
internal sealed record FoundRepository(string Name, string Description, int Stars, bool Official, bool Automated);
