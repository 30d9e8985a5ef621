namespace Podsharp.Wire.Values;

/// <summary>A member of a <see cref="WireStruct"/>.</summary>
/// <param name="Name">Its name in templates.</param>
/// <param name="JsonName">Its name in JSON; null if it isn't there.</param>
/// <param name="Value">Its value.</param>
/// <param name="Compute">Computes its value instead.</param>
/// <param name="OmitEmpty">Left out of JSON when empty.</param>
public sealed record WireMember(string Name, string? JsonName, object? Value, Func<object?>? Compute, bool OmitEmpty);
