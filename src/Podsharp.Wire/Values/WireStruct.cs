namespace Podsharp.Wire.Values;

/// <summary>A value with named members in a fixed order, as a struct of the Go programs whose JSON and templates are spoken here.</summary>
/// <remarks>JSON and <c>--format</c> templates are both made from it, so that no shape is written twice. A member's value is null, a string,
/// bool, long, ulong, double, <see cref="DateTimeOffset"/>, <see cref="WireStruct"/>, <see cref="WireMap"/> or <see cref="WireList"/>.</remarks>
/// <param name="typeName">What template errors call it.</param>
public sealed class WireStruct(string typeName)
{
    private readonly List<WireMember> members = [];

    /// <summary>What template errors call it.</summary>
    public string TypeName { get; } = typeName;
    /// <summary>The members in order.</summary>
    public IReadOnlyList<WireMember> Members => members;

    /// <summary>Adds a member of JSON and templates.</summary>
    /// <param name="name">Its name in templates, and in JSON if <paramref name="json"/> is null.</param>
    /// <param name="value">Its value.</param>
    /// <param name="json">Its name in JSON.</param>
    /// <param name="omitEmpty">Leave it out of JSON when it is empty.</param>
    public WireStruct Add(string name, object? value, string? json = null, bool omitEmpty = false)
    {
        members.Add(new(name, json ?? name, value, null, omitEmpty));
        return this;
    }

    /// <summary>Adds a member of templates only, computed when it is asked for; it hides one of the same name.</summary>
    public WireStruct AddMethod(string name, Func<object?> compute)
    {
        members.Add(new(name, null, null, compute, false));
        return this;
    }

    /// <summary>Adds a member of templates only that takes one argument: <c>{{.Label "tier"}}</c>.</summary>
    public WireStruct AddMethod(string name, Func<string, object?> compute) => AddMethod(name, () => compute);

    /// <summary>Finds a member by its template name, else by its JSON name.</summary>
    public bool TryGet(string name, out object? value)
    {
        WireMember? found = null;
        foreach (var member in members)
            if (member.Name == name && (found is null || member.Compute is not null))
                found = member;
        if (found is null)
            foreach (var member in members)
                if (member.JsonName == name)
                    found = member;
        value = found?.Compute is { } compute ? compute() : found?.Value;
        return found is not null;
    }

    /// <summary>The value of a member that is known to be there.</summary>
    public object? this[string name] => TryGet(name, out var value) ? value : throw new KeyNotFoundException(name);
}
