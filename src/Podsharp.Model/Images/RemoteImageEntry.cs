namespace Podsharp.Model;

/// <summary>An item of a list of images.</summary>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="Size">The manifest's bytes.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Platform">The platform it is for; null where the list doesn't say.</param>
/// <param name="Annotations">What else the list says about it.</param>
public sealed record RemoteImageEntry(string Digest, long Size, string MediaType, ImagePlatform? Platform, IReadOnlyDictionary<string, string> Annotations);
