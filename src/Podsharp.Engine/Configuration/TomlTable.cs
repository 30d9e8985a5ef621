using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>A TOML value with the place it came from. <see cref="Value"/> is a <see cref="string"/>, <see cref="long"/>,
/// <see cref="double"/>, <see cref="bool"/>, <see cref="TomlTable"/> or a list of <see cref="TomlNode"/>;
/// dates and times are kept as their text.</summary>
/// <param name="Value">The value.</param>
/// <param name="File">The file, for messages.</param>
/// <param name="Line">The line, from 1.</param>
internal sealed record TomlNode(object Value, string File, int Line)
{
    /// <summary>The error that a reader of this value raises when the value is not what the key wants.</summary>
    internal ContainerEngineException Invalid(string message) => TomlError.At(File, Line, message);
}

/// <summary>Errors of configuration files: always with file and line.</summary>
internal static class TomlError
{
    internal static ContainerEngineException At(string file, int line, string message) => new(
        ErrorKind.InvalidArgument, "ConfigurationInvalid", $"{file}:{line}: {message}", file, "correct that line of the file");
}

/// <summary>A TOML table: keys in file order with typed getters, which return null for an absent key and raise an error with
/// file and line for a value of another type.</summary>
internal sealed class TomlTable
{
    private readonly Dictionary<string, TomlNode> _nodes = new(StringComparer.Ordinal);

    internal TomlTable(string file, int line)
    {
        File = file;
        Line = line;
    }

    /// <summary>The file the table was read from.</summary>
    internal string File { get; }

    /// <summary>The line of the table's header, from 1.</summary>
    internal int Line { get; }

    /// <summary>The keys, in file order.</summary>
    internal IEnumerable<string> Keys => _nodes.Keys;

    /// <summary>The node of a key, or null.</summary>
    internal TomlNode? Find(string key) => _nodes.GetValueOrDefault(key);

    internal void Add(string key, TomlNode node)
    {
        if (!_nodes.TryAdd(key, node))
        {
            throw node.Invalid($"the key \"{key}\" is set twice");
        }
    }

    /// <summary>The table below a key, or null.</summary>
    internal TomlTable? GetTable(string key) => Get<TomlTable>(key, "a table");

    /// <summary>The string of a key, or null.</summary>
    internal string? GetString(string key) => Get<string>(key, "a string");

    /// <summary>The integer of a key, or null.</summary>
    internal long? GetInteger(string key) => GetStruct<long>(key, "an integer");

    /// <summary>The boolean of a key, or null.</summary>
    internal bool? GetBoolean(string key) => GetStruct<bool>(key, "true or false");

    /// <summary>The strings of an array, or null for an absent key.</summary>
    internal IReadOnlyList<string>? GetStrings(string key)
    {
        if (GetArray(key) is not { } items)
        {
            return null;
        }
        return [.. items.Select(item => item.Value as string ?? throw item.Invalid($"every item of \"{key}\" must be a string"))];
    }

    /// <summary>The items of an array, or null for an absent key.</summary>
    internal IReadOnlyList<TomlNode>? GetArray(string key) => Get<List<TomlNode>>(key, "an array");

    /// <summary>The tables of an array of tables; empty for an absent key.</summary>
    internal IReadOnlyList<TomlTable> GetTables(string key)
    {
        var items = GetArray(key) ?? [];
        return [.. items.Select(item => item.Value as TomlTable ?? throw item.Invalid($"every item of \"{key}\" must be a table"))];
    }

    private T? Get<T>(string key, string wanted) where T : class => Find(key) switch
    {
        null => null,
        { Value: T value } => value,
        { } node => throw node.Invalid($"\"{key}\" must be {wanted}"),
    };

    private T? GetStruct<T>(string key, string wanted) where T : struct => Find(key) switch
    {
        null => null,
        { Value: T value } => value,
        { } node => throw node.Invalid($"\"{key}\" must be {wanted}"),
    };
}
