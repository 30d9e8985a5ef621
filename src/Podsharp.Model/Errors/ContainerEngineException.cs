namespace Podsharp.Model;

/// <summary>The one exception of the engine: a kind, a stable id, the object concerned, the cause and the way out.</summary>
/// <remarks>The message is one sentence without a trailing period's worth of advice; the advice is <see cref="Remedy"/>.
/// Rendered by fronts as "message: remedy".</remarks>
public class ContainerEngineException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="errorId">Stable, PascalCase, never reworded: scripts match it (FullyQualifiedErrorId).</param>
    /// <param name="message">One clear sentence that names the object.</param>
    /// <param name="target">The object concerned (name, id, path, reference), if any.</param>
    /// <param name="remedy">What the reader can do about it, if anything.</param>
    /// <param name="innerException">The cause.</param>
    public ContainerEngineException(ErrorKind kind, string errorId, string message, string? target = null,
        string? remedy = null, Exception? innerException = null)
        : base(remedy is null ? message : $"{message}: {remedy}", innerException)
    {
        Kind = kind;
        ErrorId = errorId;
        Target = target;
        Remedy = remedy;
        Reason = message;
    }

    /// <summary>What went wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The stable id, for example <c>ContainerNotFound</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The sentence without the remedy.</summary>
    public string Reason { get; }

    /// <summary>The object concerned.</summary>
    public string? Target { get; }

    /// <summary>The way out.</summary>
    public string? Remedy { get; }

    /// <summary>The exit code of the command that failed, where one did; null otherwise.</summary>
    public int? ExitCode { get; init; }
}
