namespace Podsharp.Model;

/// <summary>How an image's layers are encrypted.</summary>
public sealed record ImageEncryption
{
    /// <summary>For whom: <c>jwe:FILE</c>, a file on the engine's host with an RSA public key in PEM. Each of them alone opens the layers; nothing is encrypted when empty.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
    /// <summary>Which layers: counted from 0 for the lowest, or from -1 downwards for the last; all when empty.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [];

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => Keys.Count == 0 && Layers.Count == 0;
}
