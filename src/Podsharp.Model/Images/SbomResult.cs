namespace Podsharp.Model;

/// <summary>What a scan of an image has found.</summary>
/// <param name="Document">The bill of materials.</param>
/// <param name="Packages">The package addresses (purl) in it, as JSON.</param>
public sealed record SbomResult(ReadOnlyMemory<byte> Document, ReadOnlyMemory<byte> Packages);
