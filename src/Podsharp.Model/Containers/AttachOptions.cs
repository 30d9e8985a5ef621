namespace Podsharp.Model;

/// <summary>Which streams an attach connects.</summary>
public sealed record AttachOptions
{
    /// <summary>Send input.</summary>
    public bool Input { get; init; }
    /// <summary>Receive standard output.</summary>
    public bool Output { get; init; } = true;
    /// <summary>Receive standard error.</summary>
    public bool Error { get; init; } = true;
    /// <summary>The terminal's size, if there is one.</summary>
    public TerminalSize? Size { get; init; }
}
