namespace Podsharp.Engine.UserNamespaces;

/// <summary>Ids one after the other.</summary>
/// <param name="Start">The first.</param>
/// <param name="Count">How many.</param>
internal sealed record IdRange(uint Start, uint Count)
{
    /// <summary>Those behind the first ones.</summary>
    internal IdRange Skip(uint count) => new(Start + count, Count - count);
}
