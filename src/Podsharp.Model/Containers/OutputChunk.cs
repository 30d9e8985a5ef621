namespace Podsharp.Model;

/// <summary>Bytes a container wrote.</summary>
/// <param name="Stream">Where to.</param>
/// <param name="Data">The bytes, the receiver's to keep.</param>
public readonly record struct OutputChunk(OutputStream Stream, ReadOnlyMemory<byte> Data);
