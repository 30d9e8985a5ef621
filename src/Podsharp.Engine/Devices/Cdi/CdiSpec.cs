namespace Podsharp.Engine.Devices.Cdi;

/// <summary>One CDI specification file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Kind">VENDOR/CLASS.</param>
/// <param name="Edits">What any of its devices brings.</param>
/// <param name="Devices">What each device brings besides, by its name.</param>
internal sealed record CdiSpec(string Path, string Kind, CdiEdits Edits, IReadOnlyDictionary<string, CdiEdits> Devices);
