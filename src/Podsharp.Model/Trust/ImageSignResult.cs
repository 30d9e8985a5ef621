namespace Podsharp.Model;

/// <summary>A manifest that has been signed.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Digest">The manifest's digest.</param>
public sealed record ImageSignResult(string Image, string Digest);
