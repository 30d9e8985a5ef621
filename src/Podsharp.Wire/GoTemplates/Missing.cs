namespace Podsharp.Wire.GoTemplates;

/// <summary>An entry that a map doesn't have: printed as "&lt;no value&gt;".</summary>
internal sealed class Missing
{
    internal static Missing Value { get; } = new();
}
