namespace Podsharp.Model;

/// <summary>A Containerfile.</summary>
/// <param name="Name">Its name in messages; where there is no text, its path in the context, or an http address. One that ends in <c>.in</c> is for the C preprocessor.</param>
/// <param name="Text">What it says; null when it is in the context.</param>
public sealed record BuildFile(string Name, string? Text);
