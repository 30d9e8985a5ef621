namespace Podsharp.Model;

/// <summary>What identifies a document of an image (OCI image-spec, descriptor.md).</summary>
/// <param name="MediaType">Its type.</param>
/// <param name="Digest">Its digest, "sha256:...".</param>
/// <param name="Size">Its size in bytes.</param>
public sealed record ContentDescriptor(string MediaType, string Digest, long Size);
