namespace Podsharp.Model;

/// <summary>One step of an image's history.</summary>
public sealed record ImageHistoryEntry
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }
    /// <summary>The instruction.</summary>
    public string CreatedBy { get; init; } = "";
    /// <summary>Comment.</summary>
    public string Comment { get; init; } = "";
    /// <summary>It made no layer.</summary>
    public bool EmptyLayer { get; init; }
}
