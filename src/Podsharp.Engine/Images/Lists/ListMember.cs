namespace Podsharp.Engine.Images.Lists;

/// <summary>An image as a list names it.</summary>
/// <param name="Entry">Its entry.</param>
/// <param name="Place">Where it is, in the words of <see cref="ListPlaces"/>.</param>
internal sealed record ListMember(Descriptor Entry, string Place);
