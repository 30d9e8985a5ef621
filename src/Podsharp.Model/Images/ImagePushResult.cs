namespace Podsharp.Model;

/// <summary>An image that was sent to a registry.</summary>
/// <param name="Id">The image's id in local storage.</param>
/// <param name="Destination">Its name at the registry.</param>
/// <param name="Digest">Digest of its manifest there.</param>
public sealed record ImagePushResult(string Id, string Destination, string Digest);
