using System.Collections.Frozen;

namespace Podsharp.Model;

/// <summary>Shared empty dictionaries for record defaults.</summary>
public static class EmptyDictionary
{
    /// <summary>No strings.</summary>
    public static IReadOnlyDictionary<string, string> Strings { get; } = FrozenDictionary<string, string>.Empty;
}
