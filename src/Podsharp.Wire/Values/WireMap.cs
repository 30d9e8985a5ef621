namespace Podsharp.Wire.Values;

/// <summary>A map from strings, in the order of its keys; Go prints and writes maps so.</summary>
public sealed class WireMap
{
    private readonly SortedDictionary<string, object?> entries = new(StringComparer.Ordinal);

    /// <summary>A map that isn't there: null in JSON.</summary>
    public static WireMap Nil { get; } = new() { IsNil = true };

    /// <summary>Whether it is null in JSON.</summary>
    public bool IsNil { get; private init; }
    /// <summary>Number of entries.</summary>
    public int Count => entries.Count;
    /// <summary>The entries by key.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => entries;

    /// <summary>Sets an entry.</summary>
    public WireMap Set(string key, object? value)
    {
        entries[key] = value;
        return this;
    }

    /// <summary>Finds an entry.</summary>
    public bool TryGet(string key, out object? value) => entries.TryGetValue(key, out value);

    /// <summary>Makes a map of strings.</summary>
    public static WireMap From(IReadOnlyDictionary<string, string> source, bool nilIfEmpty = false)
    {
        if (nilIfEmpty && source.Count == 0)
            return Nil;
        var map = new WireMap();
        foreach (var (key, value) in source)
            map.Set(key, value);
        return map;
    }
}
