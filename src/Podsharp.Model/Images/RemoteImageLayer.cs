namespace Podsharp.Model;

/// <summary>A layer as its manifest describes it.</summary>
/// <param name="Digest">The blob's digest.</param>
/// <param name="Size">The blob's bytes.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Annotations">What else the manifest says about it.</param>
public sealed record RemoteImageLayer(string Digest, long Size, string MediaType, IReadOnlyDictionary<string, string> Annotations);
