namespace Podsharp.Model;

/// <summary>An image to be saved.</summary>
/// <param name="NameOrId">The image. Where it is named by a name, it has that in the archive; by its id, none.</param>
/// <param name="AdditionalNames">Further names it gets in the archive.</param>
public sealed record ImageToSave(string NameOrId, IReadOnlyList<string> AdditionalNames);
