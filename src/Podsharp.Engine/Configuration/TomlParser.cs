using Podsharp.Engine.Native;
using Podsharp.Model;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Podsharp.Engine.Configuration;

/// <summary>Reads TOML (<c>https://toml.io</c>), the language of containers.conf, storage.conf and registries.conf, with Tomlyn into
/// <see cref="TomlTable"/>s, whose values know the line that they stand in. Dates are kept as text, since none of these files has any.</summary>
internal static class TomlParser
{
    /// <summary>Parses a text.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="ContainerEngineException">The text isn't TOML (<c>ConfigurationInvalid</c>, with file and line).</exception>
    internal static TomlTable Parse(string text, string file)
    {
        var document = Read(text.TrimStart('\uFEFF'), file);
        foreach (var problem in document.Diagnostics)
        {
            if (problem.Kind == DiagnosticMessageKind.Error)
            {
                throw TomlError.At(file, LineOf(problem.Span), problem.Message.TrimEnd('.'));
            }
        }
        var root = new TomlTable(file, 1);
        foreach (var pair in document.KeyValues)
        {
            Add(root, pair);
        }
        foreach (var section in document.Tables)
        {
            var table = Open(root, section);
            foreach (var pair in section.Items)
            {
                Add(table, pair);
            }
        }
        return root;
    }

    private static DocumentSyntax Read(string text, string file)
    {
        try
        {
            return SyntaxParser.Parse(text, file, validate: true);
        }
        catch (Exception error) when (error is TomlException or ArgumentException)
        {
            // Tomlyn gives up on what is nested too deeply, and stumbles over its own message for some broken escapes.
            throw new ContainerEngineException(ErrorKind.InvalidArgument, "ConfigurationInvalid", $"{file} is not TOML: {error.Message}", file, "correct the file", error);
        }
    }

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

    // The table of a header: [a.b] is made once, each [[a.b]] is a new item of an array.
    private static TomlTable Open(TomlTable root, TableSyntaxBase section)
    {
        var (keys, line) = (KeysOf(section.Name!), LineOf(section.Span));
        var above = Descend(root, keys, line);
        if (section is not TableArraySyntax)
        {
            return Descend(above, keys[^1], line);
        }
        var table = new TomlTable(root.File, line);
        if (above.GetArray(keys[^1]) is List<TomlNode> items)
        {
            items.Add(new TomlNode(table, root.File, line));
        }
        else
        {
            above.Add(keys[^1], new TomlNode(new List<TomlNode> { new(table, root.File, line) }, root.File, line));
        }
        return table;
    }

    private static void Add(TomlTable table, KeyValueSyntax pair)
    {
        var (keys, line) = (KeysOf(pair.Key!), LineOf(pair.Span));
        Descend(table, keys, line).Add(keys[^1], new TomlNode(ValueOf(pair.Value!, table.File), table.File, line));
    }

    private static TomlTable Descend(TomlTable table, List<string> keys, int line)
    {
        foreach (var key in keys[..^1])
        {
            table = Descend(table, key, line);
        }
        return table;
    }

    private static TomlTable Descend(TomlTable table, string key, int line)
    {
        switch (table.Find(key))
        {
            case { Value: TomlTable below }:
                return below;
            case { Value: List<TomlNode> { Count: > 0 } items } when items[^1].Value is TomlTable last:
                return last;
            case { }:
                throw TomlError.At(table.File, line, $"the key \"{key}\" is no table");
            default:
                var made = new TomlTable(table.File, line);
                table.Add(key, new TomlNode(made, table.File, line));
                return made;
        }
    }

    private static object ValueOf(ValueSyntax value, string file) => value switch
    {
        StringValueSyntax text => text.Value ?? "",
        IntegerValueSyntax number => number.Value,
        FloatValueSyntax number => number.Value,
        BooleanValueSyntax flag => flag.Value,
        ArraySyntax array => array.Items.Select(item => new TomlNode(ValueOf(item.Value!, file), file, LineOf(item.Value!.Span))).ToList(),
        InlineTableSyntax inline => TableOf(inline, file),
        _ => value.ToString().Trim(),
    };

    private static TomlTable TableOf(InlineTableSyntax inline, string file)
    {
        var table = new TomlTable(file, LineOf(inline.Span));
        foreach (var item in inline.Items)
        {
            Add(table, item.KeyValue!);
        }
        return table;
    }

    private static List<string> KeysOf(KeySyntax key)
    {
        var keys = new List<string> { TextOf(key.Key!) };
        foreach (var part in key.DotKeys)
        {
            keys.Add(TextOf(part.Key!));
        }
        return keys;
    }

    private static string TextOf(BareKeyOrStringValueSyntax key) => key is StringValueSyntax text ? text.Value ?? "" : key.ToString().Trim();

    private static int LineOf(SourceSpan span) => span.Start.Line + 1;
}
