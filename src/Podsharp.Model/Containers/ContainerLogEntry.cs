namespace Podsharp.Model;

/// <summary>A line of a container's log.</summary>
public sealed record ContainerLogEntry
{
    /// <summary>When conmon read it.</summary>
    public DateTimeOffset Time { get; init; }
    /// <summary>Where it was written to.</summary>
    public OutputStream Stream { get; init; }
    /// <summary>The line without its line end; invalid UTF-8 is replaced.</summary>
    public string Text { get; init; } = "";
    /// <summary>The text has no line end yet.</summary>
    public bool Partial { get; init; }
    /// <summary>The container's name.</summary>
    public string Container { get; init; } = "";
    /// <summary>The container's id.</summary>
    public string ContainerId { get; init; } = "";
    /// <inheritdoc/>
    public override string ToString() => Text;
}
