namespace Podsharp.Model;

/// <summary>What a name stands for when an image is to be fetched.</summary>
/// <param name="Name">The name as it was written.</param>
/// <param name="Candidates">The full names it may stand for, in the order in which they are tried.</param>
/// <param name="MustBeChosen">Whether somebody has to choose one of several: registries.conf wants no guessing (<c>short-name-mode</c> enforcing).</param>
/// <param name="MayBeChosen">Whether a person who is there is asked which of several is meant.</param>
public sealed record ImageNameResolution(string Name, IReadOnlyList<string> Candidates, bool MustBeChosen, bool MayBeChosen);
