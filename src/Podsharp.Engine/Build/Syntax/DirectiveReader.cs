namespace Podsharp.Engine.Build.Syntax;

/// <summary>Reads the comments at a file's top that tell the parser something (<c># escape=`</c>). Anything else ends them.</summary>
internal static class DirectiveReader
{
    /// <summary>Reads them.</summary>
    /// <exception cref="Podsharp.Model.ContainerEngineException">InvalidContainerfile: one is there twice, or escapes with a character that can't.</exception>
    internal static Directives Read(IReadOnlyList<string> lines, string name)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < lines.Count && Parse(lines[i]) is var (key, value) && key.Length > 0; i++)
        {
            if (!values.TryAdd(key, value))
                throw SyntaxErrors.Invalid($"{name}:{i + 1}", $"the directive {key} is given twice");
            if (key == "escape" && value is not ("\\" or "`"))
                throw SyntaxErrors.Invalid($"{name}:{i + 1}", $"\"{value}\" can't be the escape character", "it is \\ or `");
        }
        return new(values.GetValueOrDefault("syntax"), values.GetValueOrDefault("escape", "\\")[0], values.GetValueOrDefault("check"),
            values.GetValueOrDefault("platform"));
    }

    private static (string Key, string Value) Parse(string line)
    {
        var text = line.AsSpan().Trim();
        var equals = text.IndexOf('=');
        if (!text.StartsWith("#") || equals < 0)
            return ("", "");
        var key = text[1..equals].Trim().ToString().ToLowerInvariant();
        return key is "syntax" or "escape" or "check" or "platform" ? (key, text[(equals + 1)..].Trim().ToString()) : ("", "");
    }
}
