using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Configuration;

/// <summary>Reads TOML 1.0 (<c>https://toml.io/en/v1.0.0</c>), the language of containers.conf, storage.conf and
/// registries.conf, into a <see cref="TomlTable"/>. Dates are kept as text, since none of these files has any.</summary>
internal sealed class TomlParser
{
    /// <summary>Inline arrays and tables nested deeper than this are refused, so that a file can't exhaust the stack.</summary>
    private const int MaximumDepth = 64;

    private readonly TomlReader _reader;
    private int _depth;

    private TomlParser(TomlReader reader) => _reader = reader;

    /// <summary>Parses a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ContainerEngineException">The text isn't TOML (<c>ConfigurationInvalid</c>, with file and line).</exception>
    internal static TomlTable Parse(string text, string file) => new TomlParser(new TomlReader(text.TrimStart('\uFEFF'), file)).ParseDocument();

    /// <summary>Parses a file, or returns null where there is none.</summary>
    /// <exception cref="ContainerEngineException">The file can't be read, or isn't TOML.</exception>
    internal static TomlTable? ParseFile(string path)
    {
        try
        {
            // Most of these files are missing on most hosts: exceptions would cost a session's first command milliseconds.
            if (Files.TryReadAll(Path.GetFullPath(path)) is not { } bytes)
                return null;
            using var reader = new StreamReader(new MemoryStream(bytes));
            return Parse(reader.ReadToEnd(), path);
        }
        catch (LinuxException error)
        {
            throw new ContainerEngineException(ErrorKind.PermissionDenied, "ConfigurationUnreadable",
                $"the configuration file {path} can't be read", path, error.Message, error);
        }
    }

    private TomlTable ParseDocument()
    {
        var root = new TomlTable(_reader.File, 1);
        var current = root;
        while (true)
        {
            _reader.SkipBlankLines();
            if (_reader.IsAtEnd)
            {
                return root;
            }
            if (_reader.Peek() == '[')
            {
                current = ParseHeader(root);
            }
            else
            {
                ParseKeyValue(current);
            }
            _reader.ExpectEndOfLine();
        }
    }

    private TomlTable ParseHeader(TomlTable root)
    {
        _reader.Skip(1);
        var isArray = _reader.Take('[');
        _reader.SkipSpaces();
        var path = ParseKey();
        _reader.Expect(']');
        if (isArray)
        {
            _reader.Expect(']');
        }
        var parent = Descend(root, path, path.Count - 1, viaHeader: true);
        return isArray ? AppendTable(parent, path[^1]) : DefineTable(parent, path[^1]);
    }

    private TomlTable DefineTable(TomlTable parent, string key)
    {
        switch (parent.Find(key))
        {
            case null:
                var table = new TomlTable(_reader.File, _reader.Line) { IsDefined = true };
                parent.Add(key, new TomlNode(table, _reader.File, _reader.Line));
                return table;
            case { Value: TomlTable { IsDefined: false, IsInline: false } open }:
                open.IsDefined = true;
                return open;
            default:
                throw _reader.Error($"the table [{key}] is defined twice");
        }
    }

    private TomlTable AppendTable(TomlTable parent, string key)
    {
        if (parent.Find(key) is not { } node)
        {
            node = new TomlNode(new List<TomlNode>(), _reader.File, _reader.Line);
            parent.Add(key, node);
        }
        if (node.Value is not List<TomlNode> list || (list.Count > 0 && list[0].Value is not TomlTable { IsInline: false }))
        {
            throw _reader.Error($"\"{key}\" is not an array of tables");
        }
        var table = new TomlTable(_reader.File, _reader.Line) { IsDefined = true };
        list.Add(new TomlNode(table, _reader.File, _reader.Line));
        return table;
    }

    /// <summary>Goes down the first <paramref name="count"/> parts of a dotted key, making tables on the way.</summary>
    private TomlTable Descend(TomlTable table, List<string> path, int count, bool viaHeader)
    {
        foreach (var part in path.Take(count))
        {
            table = table.Find(part) switch
            {
                null => NewChild(table, part),
                { Value: TomlTable { IsInline: false } child } => child,
                { Value: List<TomlNode> { Count: > 0 } list } when viaHeader && list[^1].Value is TomlTable { IsInline: false } last => last,
                _ => throw _reader.Error($"\"{part}\" is not a table that can be extended here"),
            };
        }
        return table;
    }

    private TomlTable NewChild(TomlTable table, string key)
    {
        var child = new TomlTable(_reader.File, _reader.Line);
        table.Add(key, new TomlNode(child, _reader.File, _reader.Line));
        return child;
    }

    private void ParseKeyValue(TomlTable table)
    {
        var path = ParseKey();
        _reader.Expect('=');
        _reader.SkipSpaces();
        var line = _reader.Line;
        var owner = Descend(table, path, path.Count - 1, viaHeader: false);
        owner.Add(path[^1], new TomlNode(ParseValue(), _reader.File, line));
    }

    private List<string> ParseKey()
    {
        var parts = new List<string>();
        do
        {
            _reader.SkipSpaces();
            parts.Add(_reader.Peek() is '"' or '\'' ? TomlStrings.ReadLine(_reader) : ParseBareKey());
            _reader.SkipSpaces();
        }
        while (_reader.Take('.'));
        return parts;
    }

    private string ParseBareKey() => _reader.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') is { Length: > 0 } key
        ? key
        : throw _reader.Error($"a key was expected, found {_reader.Found}");

    private object ParseValue() => _reader.Peek() switch
    {
        '"' or '\'' => TomlStrings.Read(_reader),
        '[' => ParseArray(),
        '{' => ParseInlineTable(),
        _ => ParseScalar(),
    };

    private List<TomlNode> ParseArray()
    {
        Enter();
        var items = new List<TomlNode>();
        while (true)
        {
            _reader.SkipBlankLines();
            if (_reader.Take(']'))
            {
                _depth--;
                return items;
            }
            var line = _reader.Line;
            items.Add(new TomlNode(ParseValue(), _reader.File, line));
            _reader.SkipBlankLines();
            if (!_reader.Take(',') && _reader.Peek() != ']')
            {
                throw _reader.Error($"a comma or ] was expected in the array, found {_reader.Found}");
            }
        }
    }

    private TomlTable ParseInlineTable()
    {
        Enter();
        var table = new TomlTable(_reader.File, _reader.Line);
        _reader.SkipSpaces();
        if (!_reader.Take('}'))
        {
            do
            {
                ParseKeyValue(table);
                _reader.SkipSpaces();
            }
            while (_reader.Take(','));
            _reader.Expect('}');
        }
        table.IsInline = true;
        _depth--;
        return table;
    }

    private void Enter()
    {
        _reader.Skip(1);
        if (++_depth > MaximumDepth)
        {
            throw _reader.Error("values are nested too deeply");
        }
    }

    private object ParseScalar()
    {
        var word = _reader.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '_' or '.' or ':');
        return word.Length == 0 ? throw _reader.Error($"a value was expected, found {_reader.Found}")
            : TomlScalar.Parse(word) ?? throw _reader.Error($"\"{word}\" is not a value; is it a string without quotes?");
    }
}
