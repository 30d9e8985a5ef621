namespace Podsharp.Wire.Values;

/// <summary>A list of values.</summary>
public sealed class WireList
{
    private readonly List<object?> items = [];

    /// <summary>A list that isn't there: null in JSON.</summary>
    public static WireList Nil { get; } = new() { IsNil = true };

    /// <summary>Whether it is null in JSON.</summary>
    public bool IsNil { get; private init; }
    /// <summary>The items.</summary>
    public IReadOnlyList<object?> Items => items;

    /// <summary>Adds an item.</summary>
    public WireList Add(object? item)
    {
        items.Add(item);
        return this;
    }

    /// <summary>Makes a list of values.</summary>
    public static WireList From(IEnumerable<object?> source, bool nilIfEmpty = false)
    {
        var list = new WireList();
        list.items.AddRange(source);
        return nilIfEmpty && list.items.Count == 0 ? Nil : list;
    }
}
