namespace Podsharp.Model;

/// <summary>An image that was sent to another user or host.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Destination">Where it is now.</param>
/// <param name="Names">What it is called there, in the words of the engine there.</param>
public sealed record ImageTransferResult(string Source, string Destination, IReadOnlyList<string> Names);
