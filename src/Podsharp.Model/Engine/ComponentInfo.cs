namespace Podsharp.Model;

/// <summary>A program that the engine uses.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Version">What it says of itself.</param>
public sealed record ComponentInfo(string Name, string Path, string Version);
