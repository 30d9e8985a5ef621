using System.Text;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.GoTemplates;

/// <summary>A template in the language of Go's text/template, as <c>--format</c> takes it, with the functions of podman and docker:
/// json, join, split, lower, upper, title, pad, truncate, and Go's own. Templates can't define others.</summary>
public sealed class GoTemplate
{
    private readonly string name;
    private readonly string source;
    private readonly IReadOnlyList<Node> nodes;

    private GoTemplate(string name, string source)
    {
        this.name = name;
        this.source = source;
        nodes = new Parser(name, source).Run();
    }

    /// <summary>Reads a template.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="source">The template.</param>
    /// <exception cref="GoTemplateException">It is malformed.</exception>
    public static GoTemplate Parse(string name, string source) => new(name, source);

    /// <summary>Turns the escapes <c>\t</c>, <c>\n</c>, <c>\r</c> that a shell leaves as they are into what they mean.</summary>
    public static string Unescape(string format) =>
        format.Contains('\\') ? format.Replace("\\t", "\t").Replace("\\n", "\n").Replace("\\r", "\r") : format;

    /// <summary>Executes the template on a value.</summary>
    /// <exception cref="GoTemplateException">A member that isn't there, or a function that fails.</exception>
    public string Execute(object? data)
    {
        var output = new StringBuilder();
        new Executor(name, source, output).Run(nodes, data);
        return output.ToString();
    }

    /// <summary>The members that the template prints of its value, for headings: <c>{{.ID}}</c> gives ID.</summary>
    public string ExecuteHeader(Func<string, string> heading)
    {
        var output = new StringBuilder();
        new Executor(name, source, output).RunHeader(nodes, heading);
        return output.ToString();
    }

    /// <summary>Prints a value as an action does.</summary>
    internal static string Print(object? value) => value is Missing ? "<no value>" : GoText.Print(value);
}
