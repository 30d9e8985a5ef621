using System.Text;
using Podsharp.Wire.Values;

namespace Podsharp.Wire.GoTemplates;

/// <summary>Executes a template's tree.</summary>
internal sealed class Executor(string name, string source, StringBuilder output)
{
    private readonly List<(string Name, object? Value)> variables = [];

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    internal void Run(IReadOnlyList<Node> nodes, object? data)
    {
        variables.Add(("$", data));
        Walk(nodes, data);
    }

    /// <summary>Prints headings: every field of the dot is its heading, everything else as it stands.</summary>
    internal void RunHeader(IReadOnlyList<Node> nodes, Func<string, string> heading)
    {
        foreach (var node in nodes)
        {
            if (node is TextNode text)
                output.Append(text.Text);
            else if (node is ActionNode action && FirstField(action.Pipeline) is { } field)
                output.Append(heading(field));
            else if (node is BlockNode block)
                RunHeader(block.Body, heading);
        }
    }

    private static string? FirstField(PipelineNode pipeline)
    {
        foreach (var argument in pipeline.Commands.SelectMany(c => c.Arguments))
        {
            var field = argument switch
            {
                FieldNode f => f.Fields[^1],
                VariableNode { Fields.Count: > 0 } v => v.Fields[^1],
                ChainNode c => FirstField(c.Pipeline),
                _ => null,
            };
            if (field is not null)
                return field;
        }
        return null;
    }

    private Flow Walk(IReadOnlyList<Node> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            var flow = Flow.Next;
            switch (node)
            {
                case TextNode text:
                    output.Append(text.Text);
                    break;
                case ActionNode action:
                    var value = Evaluate(action.Pipeline, dot);
                    if (action.Pipeline.Variables.Count == 0)
                        output.Append(GoTemplate.Print(value));
                    break;
                case BlockNode { Kind: BlockKind.Range } range:
                    flow = Range(range, dot);
                    break;
                case BlockNode block:
                    flow = Choose(block, dot);
                    break;
                case JumpNode jump:
                    return jump.Break ? Flow.Break : Flow.Continue;
                default:
                    break;
            }
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    private Flow Choose(BlockNode block, object? dot)
    {
        var mark = variables.Count;
        var value = Evaluate(block.Pipeline, dot);
        var flow = Functions.IsTrue(value)
            ? Walk(block.Body, block.Kind == BlockKind.With ? value : dot)
            : Walk(block.Else, dot);
        Pop(mark);
        return flow;
    }

    private Flow Range(BlockNode block, object? dot)
    {
        var mark = variables.Count;
        var items = Items(block, Evaluate(block.Pipeline with { Variables = [] }, dot)).ToList();
        foreach (var (key, item) in items)
        {
            var names = block.Pipeline.Variables;
            if (names.Count == 1)
                Set(names[0], item, block.Pipeline.Declares);
            else if (names.Count == 2)
            {
                Set(names[0], key, block.Pipeline.Declares);
                Set(names[1], item, block.Pipeline.Declares);
            }
            var flow = Walk(block.Body, item);
            Pop(mark);
            if (flow == Flow.Break)
                break;
        }
        return items.Count == 0 ? Walk(block.Else, dot) : Flow.Next;
    }

    private IEnumerable<(object? Key, object? Item)> Items(BlockNode block, object? value) => value switch
    {
        null or Missing => [],
        WireList list => list.Items.Select((item, i) => ((object?)(long)i, item)),
        WireMap map => map.Entries.Select(e => ((object?)e.Key, e.Value)),
        long count => Enumerable.Range(0, (int)count).Select(i => ((object?)(long)i, (object?)(long)i)),
        _ => throw Error(block.Pipeline, $"range can't iterate over {GoTemplate.Print(value)}"),
    };

    private object? Evaluate(PipelineNode pipeline, object? dot)
    {
        object? value = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
            value = Evaluate(pipeline.Commands[i], dot, i > 0, value);
        foreach (var variable in pipeline.Variables)
            Set(variable, value, pipeline.Declares);
        return value;
    }

    private object? Evaluate(CommandNode command, object? dot, bool piped, object? input)
    {
        var first = command.Arguments[0];
        if (first is FunctionNode function)
            return Call(function, command, dot, piped, input);
        if (command.Arguments.Count == 1 && !piped)
            return Value(first, dot);
        if (first is not ConstantNode and not DotNode && Function(first, dot) is Func<string, object?> method)
            return CallMethod(method, first, [.. command.Arguments.Skip(1).Select(a => Value(a, dot)), .. piped ? [input] : Array.Empty<object?>()]);
        throw Error(first, $"can't give argument to non-function {Source(first)}");
    }

    private object? CallMethod(Func<string, object?> method, Node node, IReadOnlyList<object?> arguments)
    {
        if (arguments.Count != 1)
            throw Error(node, $"wrong number of args for {Source(node)}: want 1 got {arguments.Count}");
        return method(arguments[0] as string ?? throw Error(node, $"wrong type for value; expected string; got {Functions.TypeName(arguments[0])}"));
    }

    private object? Call(FunctionNode function, CommandNode command, object? dot, bool piped, object? input)
    {
        // "and" and "or" stop at the argument that decides.
        if (function.Name is "and" or "or" && command.Arguments.Count + (piped ? 1 : 0) > 1)
        {
            object? value = null;
            foreach (var argument in command.Arguments.Skip(1))
            {
                value = Value(argument, dot);
                if (Functions.IsTrue(value) == (function.Name == "or"))
                    return value;
            }
            return piped ? input : value;
        }
        var arguments = command.Arguments.Skip(1).Select(a => Value(a, dot)).ToList();
        if (piped)
            arguments.Add(input);
        try
        {
            return Functions.Call(function.Name, arguments);
        }
        catch (FunctionException e)
        {
            throw Error(function, e.IsCallError ? $"error calling {function.Name}: {e.Message}" : e.Message);
        }
    }

    // A method that takes an argument is no value without one.
    private object? Value(Node node, object? dot) => Function(node, dot) is var value and not Func<string, object?> ? value
        : throw Error(node, $"wrong number of args for {Source(node)}: want 1 got 0");

    private object? Function(Node node, object? dot) => node switch
    {
        ConstantNode constant => constant.Value,
        DotNode => dot,
        FieldNode field => Member(field, dot, field.Fields),
        VariableNode variable => Member(variable, Get(variable.Name), variable.Fields),
        ChainNode chain => Member(chain, Evaluate(chain.Pipeline, dot), chain.Fields),
        FunctionNode function => Call(function, new CommandNode(function.Position, [function]), dot, false, null),
        _ => throw Error(node, $"can't evaluate {Source(node)}"),
    };

    private object? Member(Node node, object? value, IReadOnlyList<string> fields)
    {
        foreach (var field in fields)
        {
            value = value switch
            {
                WireStruct members => members.TryGet(field, out var member) ? member : throw Unknown(node, field, members),
                WireMap map => map.TryGet(field, out var entry) ? entry : Missing.Value,
                null => throw Error(node, $"nil pointer evaluating interface {{}}.{field}"),
                Missing => throw Error(node, $"nil data; no entry for key \"{field}\""),
                _ => throw Error(node, $"can't evaluate field {field} in type {Functions.TypeName(value)}"),
            };
        }
        return value;
    }

    private GoTemplateException Unknown(Node node, string field, WireStruct members)
    {
        var known = members.Members.Select(m => m.Name).Distinct().Order(StringComparer.Ordinal);
        return Error(node, $"can't evaluate field {field} in type {members.TypeName}", "fields are " + string.Join(", ", known));
    }

    private object? Get(string variable)
    {
        for (var i = variables.Count - 1; i >= 0; i--)
            if (variables[i].Name == variable)
                return variables[i].Value;
        return null;
    }

    private void Set(string variable, object? value, bool declare)
    {
        if (declare)
        {
            variables.Add((variable, value));
            return;
        }
        for (var i = variables.Count - 1; i >= 0; i--)
        {
            if (variables[i].Name != variable)
                continue;
            variables[i] = (variable, value);
            return;
        }
    }

    private void Pop(int mark) => variables.RemoveRange(mark, variables.Count - mark);

    private string Source(Node node)
    {
        var text = node switch
        {
            FieldNode field => "." + string.Join('.', field.Fields),
            VariableNode variable => string.Join('.', [variable.Name, .. variable.Fields]),
            FunctionNode function => function.Name,
            ConstantNode constant => constant.Text,
            DotNode => ".",
            _ => source[node.Position..].Split("}}")[0].Trim(),
        };
        return text.Length > 20 ? text[..20] + "..." : text;
    }

    private GoTemplateException Error(Node node, string what, string? remedy = null)
    {
        var before = source.AsSpan(0, node.Position);
        var line = 1 + before.Count('\n');
        var column = node.Position - (before.LastIndexOf('\n') + 1);
        return new($"template: {name}:{line}:{column}: executing \"{name}\" at <{Source(node)}>: {what}", remedy);
    }
}
