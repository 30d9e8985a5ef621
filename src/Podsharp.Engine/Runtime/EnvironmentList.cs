namespace Podsharp.Engine.Runtime;

/// <summary>Environment variables in the order of their first mention; a later value takes the place of an earlier one.</summary>
internal sealed class EnvironmentList
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <summary>Sets a variable.</summary>
    internal void Set(string name, string value)
    {
        if (!values.ContainsKey(name))
            names.Add(name);
        values[name] = value;
    }

    /// <summary>Sets a variable that is not there yet.</summary>
    internal void SetDefault(string name, string value)
    {
        if (!values.ContainsKey(name))
            Set(name, value);
    }

    /// <summary>Sets a variable given as NAME=value; a bare NAME has an empty value.</summary>
    internal void SetText(string text)
    {
        var split = text.IndexOf('=', StringComparison.Ordinal);
        if (split > 0)
            Set(text[..split], text[(split + 1)..]);
        else if (split < 0 && text.Length > 0)
            Set(text, "");
    }

    /// <summary>Leaves a variable out.</summary>
    internal void Remove(string name)
    {
        if (values.Remove(name))
            names.Remove(name);
    }

    /// <summary>Leaves all out.</summary>
    internal void Clear()
    {
        names.Clear();
        values.Clear();
    }

    /// <summary>The value of a variable, or null.</summary>
    internal string? Get(string name) => values.GetValueOrDefault(name);

    /// <summary>As NAME=value.</summary>
    internal IReadOnlyList<string> ToList() => [.. names.Select(name => name + "=" + values[name])];
}
