namespace Podsharp.Model;

/// <summary>Which log lines to read.</summary>
public sealed record LogQuery
{
    /// <summary>Wait for more until the container ends.</summary>
    public bool Follow { get; init; }
    /// <summary>The last n lines; all when null.</summary>
    public int? Tail { get; init; }
    /// <summary>Not before.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Not after.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Standard output's lines.</summary>
    public bool Output { get; init; } = true;
    /// <summary>Standard error's lines.</summary>
    public bool Error { get; init; } = true;
}
