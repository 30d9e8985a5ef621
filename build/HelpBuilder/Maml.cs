using System.Xml.Linq;

namespace HelpBuilder;

/// <summary>Writes a cmdlet's help in the XML that Get-Help reads.</summary>
public static class Maml
{
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Cmd = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XElement Command(CmdletDeclaration cmdlet, HelpPage page) => new(Cmd + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Text), new XAttribute(XNamespace.Xmlns + "command", Cmd), new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(Cmd + "details",
            new XElement(Cmd + "name", cmdlet.Name),
            Description([page.Synopsis]),
            new XElement(Cmd + "verb", cmdlet.Verb),
            new XElement(Cmd + "noun", cmdlet.Noun)),
        Description(page.Description),
        new XElement(Cmd + "syntax", cmdlet.Sets.Select(set => Syntax(cmdlet, page, set))),
        new XElement(Cmd + "parameters", cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => Parameter(parameter, page, parameter.Sets.Values.First()))
            .Concat(Common(cmdlet))),
        new XElement(Cmd + "inputTypes", Inputs(cmdlet).Select(type => TypeElement("inputType", type))),
        new XElement(Cmd + "returnValues", cmdlet.Outputs.Select(type => TypeElement("returnValue", type.FullName!))),
        page.Notes.Count == 0 ? null : new XElement(Text + "alertSet", new XElement(Text + "alert", Paragraphs(page.Notes))),
        new XElement(Cmd + "examples", page.Examples.Select(example => new XElement(Cmd + "example",
            new XElement(Text + "title", $"--- {example.Title} ---"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", Paragraphs(example.Remarks))))),
        new XElement(Cmd + "relatedLinks", page.Links.Select(link => new XElement(Text + "navigationLink",
            new XElement(Text + "linkText", link), new XElement(Text + "uri")))));

    private static XElement Syntax(CmdletDeclaration cmdlet, HelpPage page, string set) => new(Cmd + "syntaxItem",
        new XElement(Text + "name", cmdlet.Name),
        cmdlet.Parameters.Where(parameter => parameter.In(set) is not null)
            .OrderBy(parameter => parameter.In(set)!.Position ?? int.MaxValue)
            .ThenBy(parameter => parameter.In(set)!.Mandatory ? 0 : 1)
            .Select(parameter => Parameter(parameter, page, parameter.In(set)!)),
        Common(cmdlet));

    private static XElement Parameter(ParameterDeclaration parameter, HelpPage page, ParameterDeclaration.Place place)
    {
        List<string> description = [parameter.Description, .. page.Parameters.GetValueOrDefault(parameter.Name) ?? []];
        if (parameter.Type.IsEnum || parameter.Type.GetElementType()?.IsEnum == true)
            description.Add("Values: " + string.Join(", ", Enum.GetNames(parameter.Type.IsEnum ? parameter.Type : parameter.Type.GetElementType()!)));
        return new XElement(Cmd + "parameter",
            new XAttribute("required", place.Mandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.Type.IsArray || place.Remaining ? "true" : "false"),
            new XAttribute("globbing", parameter.AllowsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", place.Pipeline),
            new XAttribute("position", place.Position?.ToString() ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Text + "name", parameter.Name),
            Description(description),
            parameter.IsSwitch ? null : new XElement(Cmd + "parameterValue",
                new XAttribute("required", "true"), new XAttribute("variableLength", parameter.Type.IsArray ? "true" : "false"), parameter.TypeName),
            new XElement(Dev + "type", new XElement(Text + "name", parameter.TypeName), new XElement(Text + "uri")));
    }

    private static IEnumerable<XElement> Common(CmdletDeclaration cmdlet)
    {
        if (!cmdlet.SupportsShouldProcess)
            yield break;
        yield return Switch("WhatIf", "wi", "Tells what would be done, and does nothing.");
        yield return Switch("Confirm", "cf", "Asks before each step.");
    }

    private static XElement Switch(string name, string alias, string description) => new(Cmd + "parameter",
        new XAttribute("required", "false"), new XAttribute("variableLength", "false"), new XAttribute("globbing", "false"),
        new XAttribute("pipelineInput", "False"), new XAttribute("position", "named"), new XAttribute("aliases", alias),
        new XElement(Text + "name", name),
        Description([description]),
        new XElement(Dev + "type", new XElement(Text + "name", "SwitchParameter"), new XElement(Text + "uri")));

    private static IEnumerable<string> Inputs(CmdletDeclaration cmdlet) => cmdlet.Parameters
        .Where(parameter => parameter.Sets.Values.Any(place => place.ByValue))
        .Select(parameter => (parameter.Type.IsArray ? parameter.Type.GetElementType()! : parameter.Type).FullName!)
        .Distinct();

    private static XElement TypeElement(string name, string type) =>
        new(Cmd + name, new XElement(Dev + "type", new XElement(Text + "name", type), new XElement(Text + "uri")), Description([]));

    private static XElement Description(IEnumerable<string> paragraphs) => new(Text + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Where(paragraph => paragraph.Length > 0).Select(paragraph => new XElement(Text + "para", paragraph));
}
