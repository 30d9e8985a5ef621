namespace Podsharp.Model;

/// <summary>A secret that instructions of a build may see. It reaches no layer, no configuration, no cache key and no record.</summary>
/// <param name="Id">Its name in the Containerfile.</param>
/// <param name="Value">Its bytes.</param>
public sealed record BuildSecret(string Id, ReadOnlyMemory<byte> Value)
{
    /// <summary>The name alone: a record's own text would show the value.</summary>
    public override string ToString() => Id;
}
