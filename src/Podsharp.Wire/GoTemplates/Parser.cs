namespace Podsharp.Wire.GoTemplates;

/// <summary>Builds a template's tree by the grammar of Go's text/template.</summary>
internal sealed class Parser(string name, string source)
{
    private readonly List<Token> tokens = new Lexer(name, source).Run();
    private readonly Stack<HashSet<string>> scopes = new([["$"]]);
    private int next;
    private int loops;

    internal IReadOnlyList<Node> Run()
    {
        var (nodes, end) = List(topLevel: true);
        return end is null ? nodes : throw Error($"unexpected {{{{{end}}}}}");
    }

    private Token Peek => tokens[next];

    /// <summary>Reads until {{end}}, {{else}} or the end of the template. Returns the word that ended it.</summary>
    private (List<Node> Nodes, string? End) List(bool topLevel)
    {
        var nodes = new List<Node>();
        while (Peek.Kind != TokenKind.End)
        {
            var token = tokens[next++];
            if (token.Kind == TokenKind.Text)
            {
                nodes.Add(new TextNode(token.Position, token.Text));
                continue;
            }
            SkipSpace();
            if (Peek is { Kind: TokenKind.Name, Text: "end" or "else" } end)
            {
                next++;
                if (end.Text == "end")
                    Close("end");
                return (nodes, end.Text);
            }
            nodes.Add(Action());
        }
        return topLevel ? (nodes, null) : throw Error("unexpected EOF");
    }

    private Node Action()
    {
        var first = Peek;
        if (first.Kind == TokenKind.Name)
        {
            switch (first.Text)
            {
                case "if":
                    return Block(BlockKind.If);
                case "with":
                    return Block(BlockKind.With);
                case "range":
                    return Block(BlockKind.Range);
                case "break" or "continue":
                    next++;
                    if (loops == 0)
                        throw Error($"{{{{{first.Text}}}}} outside {{{{range}}}}");
                    Close(first.Text);
                    return new JumpNode(first.Position, first.Text == "break");
                case "define" or "template" or "block":
                    throw new GoTemplateException($"template: {name}:{Line()}: {first.Text} is not supported", "write the text where it is needed");
                default:
                    break;
            }
        }
        var pipeline = Pipeline("command", TokenKind.Close);
        return new ActionNode(first.Position, pipeline);
    }

    private BlockNode Block(BlockKind kind)
    {
        var word = kind.ToString().ToLowerInvariant();
        var start = tokens[next++].Position;
        scopes.Push([]);
        var pipeline = Pipeline(word, TokenKind.Close);
        if (kind == BlockKind.Range)
            loops++;
        scopes.Push([]);
        var (body, end) = List(topLevel: false);
        scopes.Pop();
        if (kind == BlockKind.Range)
            loops--;
        IReadOnlyList<Node> otherwise = [];
        if (end == "else")
            otherwise = Else(kind);
        scopes.Pop();
        return new(start, kind, pipeline, body, otherwise);
    }

    private IReadOnlyList<Node> Else(BlockKind kind)
    {
        SkipSpace();
        if (Peek is { Kind: TokenKind.Name, Text: "if" } && kind == BlockKind.If)
            return [Block(BlockKind.If)];
        if (Peek is { Kind: TokenKind.Name, Text: "with" } && kind == BlockKind.With)
            return [Block(BlockKind.With)];
        Close("else");
        scopes.Push([]);
        var (nodes, end) = List(topLevel: false);
        scopes.Pop();
        return end == "end" ? nodes : throw Error("expected end; found {{else}}");
    }

    private PipelineNode Pipeline(string context, TokenKind end)
    {
        SkipSpace();
        var start = Peek.Position;
        var (variables, declares) = Variables(context);
        var commands = new List<CommandNode>();
        while (true)
        {
            commands.Add(Command(context));
            SkipSpace();
            var token = tokens[next++];
            if (token.Kind == end)
                break;
            if (token.Kind != TokenKind.Pipe)
                throw Unexpected(token, context);
        }
        for (var i = 1; i < commands.Count; i++)
            if (commands[i].Arguments[0] is ConstantNode or DotNode)
                throw Error($"non executable command in pipeline stage {i + 1}");
        if (declares)
            foreach (var variable in variables)
                scopes.Peek().Add(variable);
        return new(start, variables, declares, commands);
    }

    private (IReadOnlyList<string> Variables, bool Declares) Variables(string context)
    {
        if (Peek.Kind != TokenKind.Variable)
            return ([], false);
        var start = next;
        var variables = new List<string> { tokens[next++].Text };
        SkipSpace();
        if (Peek.Kind == TokenKind.Comma && context == "range")
        {
            next++;
            SkipSpace();
            if (Peek.Kind != TokenKind.Variable)
                throw Unexpected(Peek, "range");
            variables.Add(tokens[next++].Text);
            SkipSpace();
        }
        if (Peek.Kind is not (TokenKind.Declare or TokenKind.Assign))
        {
            next = start;
            return ([], false);
        }
        var declares = tokens[next++].Kind == TokenKind.Declare;
        if (!declares)
            foreach (var variable in variables)
                CheckVariable(variable);
        SkipSpace();
        return (variables, declares);
    }

    private CommandNode Command(string context)
    {
        SkipSpace();
        var start = Peek.Position;
        var arguments = new List<Node>();
        while (true)
        {
            SkipSpace();
            if (Operand() is not { } operand)
                break;
            arguments.Add(operand);
            if (Peek.Kind is not (TokenKind.Space or TokenKind.Pipe or TokenKind.Close or TokenKind.CloseParenthesis))
                throw Unexpected(Peek, "operand");
        }
        if (arguments.Count == 0)
            throw Peek.Kind is TokenKind.Close or TokenKind.Pipe or TokenKind.CloseParenthesis
                ? Error($"missing value for {context}") : Unexpected(Peek, context);
        return new(start, arguments);
    }

    private Node? Operand()
    {
        var token = Peek;
        switch (token.Kind)
        {
            case TokenKind.Constant:
                next++;
                return new ConstantNode(token.Position, token.Value, token.Text);
            case TokenKind.Dot:
                next++;
                return new DotNode(token.Position);
            case TokenKind.Field:
                return new FieldNode(token.Position, Fields());
            case TokenKind.Variable:
                next++;
                CheckVariable(token.Text);
                return new VariableNode(token.Position, token.Text, Fields());
            case TokenKind.OpenParenthesis:
                next++;
                var inner = Pipeline("parenthesized pipeline", TokenKind.CloseParenthesis);
                return new ChainNode(token.Position, inner, Fields());
            case TokenKind.Name:
                next++;
                return token.Text switch
                {
                    "true" => new ConstantNode(token.Position, true, token.Text),
                    "false" => new ConstantNode(token.Position, false, token.Text),
                    "nil" => new ConstantNode(token.Position, null, token.Text),
                    _ when Functions.Exists(token.Text) => new FunctionNode(token.Position, token.Text),
                    _ => throw Error($"function \"{token.Text}\" not defined"),
                };
            default:
                return null;
        }
    }

    private List<string> Fields()
    {
        var fields = new List<string>();
        while (Peek.Kind == TokenKind.Field)
            fields.Add(tokens[next++].Text[1..]);
        return fields;
    }

    private void CheckVariable(string variable)
    {
        foreach (var scope in scopes)
            if (scope.Contains(variable))
                return;
        throw Error($"undefined variable \"{variable}\"");
    }

    private void SkipSpace()
    {
        while (Peek.Kind == TokenKind.Space)
            next++;
    }

    private void Close(string context)
    {
        SkipSpace();
        if (Peek.Kind != TokenKind.Close)
            throw Unexpected(Peek, context);
        next++;
    }

    private GoTemplateException Unexpected(Token token, string context) =>
        Error(token.Kind == TokenKind.End ? $"unexpected EOF in {context}" : $"unexpected \"{token.Text}\" in {context}");

    private int Line() => 1 + source.AsSpan(0, Math.Min(tokens[Math.Min(next, tokens.Count - 1)].Position, source.Length)).Count('\n');

    private GoTemplateException Error(string what) => new($"template: {name}:{Line()}: {what}");
}
