namespace Podsharp.Wire.GoTemplates;

/// <summary>A part of a template.</summary>
/// <param name="Position">Where it begins in the source.</param>
internal abstract record Node(int Position);

/// <summary>Text that is printed as it stands.</summary>
internal sealed record TextNode(int Position, string Text) : Node(Position);

/// <summary>{{pipeline}}: prints the value unless it only sets a variable.</summary>
internal sealed record ActionNode(int Position, PipelineNode Pipeline) : Node(Position);

/// <summary>What a block does with its pipeline.</summary>
internal enum BlockKind
{
    /// <summary>{{if}}</summary>
    If,
    /// <summary>{{with}}</summary>
    With,
    /// <summary>{{range}}</summary>
    Range,
}

/// <summary>{{if}}, {{with}} or {{range}} with its {{else}}.</summary>
internal sealed record BlockNode(int Position, BlockKind Kind, PipelineNode Pipeline, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else) : Node(Position);

/// <summary>{{break}} or {{continue}}.</summary>
internal sealed record JumpNode(int Position, bool Break) : Node(Position);

/// <summary>Commands of which each gets the one before's value as its last argument.</summary>
/// <param name="Position">Where it begins.</param>
/// <param name="Variables">Variables that take the value (two with range).</param>
/// <param name="Declares">They are new (<c>:=</c>).</param>
/// <param name="Commands">The commands.</param>
internal sealed record PipelineNode(int Position, IReadOnlyList<string> Variables, bool Declares, IReadOnlyList<CommandNode> Commands) : Node(Position);

/// <summary>A function or value with its arguments.</summary>
internal sealed record CommandNode(int Position, IReadOnlyList<Node> Arguments) : Node(Position);

/// <summary>A constant.</summary>
internal sealed record ConstantNode(int Position, object? Value, string Text) : Node(Position);

/// <summary>A function's name.</summary>
internal sealed record FunctionNode(int Position, string Name) : Node(Position);

/// <summary>The dot.</summary>
internal sealed record DotNode(int Position) : Node(Position);

/// <summary>A variable and fields of it.</summary>
internal sealed record VariableNode(int Position, string Name, IReadOnlyList<string> Fields) : Node(Position);

/// <summary>Fields of the dot.</summary>
internal sealed record FieldNode(int Position, IReadOnlyList<string> Fields) : Node(Position);

/// <summary>A pipeline in parentheses and fields of its value.</summary>
internal sealed record ChainNode(int Position, PipelineNode Pipeline, IReadOnlyList<string> Fields) : Node(Position);
