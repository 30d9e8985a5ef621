namespace Podsharp.Model;

/// <summary>An image that was removed from a registry.</summary>
/// <param name="Name">The name it was removed by.</param>
/// <param name="Digest">Digest of the manifest that is gone: all its tags go with it.</param>
public sealed record RemoteImageRemoveResult(string Name, string Digest);
