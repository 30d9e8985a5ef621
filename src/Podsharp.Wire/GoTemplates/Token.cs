namespace Podsharp.Wire.GoTemplates;

/// <summary>What a piece of a template is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of actions.</summary>
    Text,
    /// <summary>{{</summary>
    Open,
    /// <summary>}}</summary>
    Close,
    /// <summary>A name: keyword, function, true, false or nil.</summary>
    Name,
    /// <summary>.Name</summary>
    Field,
    /// <summary>$ or $name</summary>
    Variable,
    /// <summary>A lone dot.</summary>
    Dot,
    /// <summary>A string or character constant; <see cref="Token.Value"/> holds it.</summary>
    Constant,
    /// <summary>|</summary>
    Pipe,
    /// <summary>(</summary>
    OpenParenthesis,
    /// <summary>)</summary>
    CloseParenthesis,
    /// <summary>:=</summary>
    Declare,
    /// <summary>=</summary>
    Assign,
    /// <summary>,</summary>
    Comma,
    /// <summary>Blanks: they part arguments, and a field from a chain.</summary>
    Space,
    /// <summary>The end.</summary>
    End,
}

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">How it is written.</param>
/// <param name="Position">Where it begins.</param>
/// <param name="Value">A constant's value.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, object? Value = null);
