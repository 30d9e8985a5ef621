namespace Podsharp.Model;

/// <summary>One step of a set of copies.</summary>
public sealed record ImageSyncProgress
{
    /// <summary>The image.</summary>
    public string Source { get; init; } = "";
    /// <summary>Where it goes.</summary>
    public string Destination { get; init; } = "";
    /// <summary>What it tells.</summary>
    public ImageSyncStage Stage { get; init; }
    /// <summary>Its number, from 1.</summary>
    public int Number { get; init; }
    /// <summary>How many images there are.</summary>
    public int Count { get; init; }
    /// <summary>How far the copy is.</summary>
    public ImageCopyProgress? Step { get; init; }
    /// <summary>A sentence for people.</summary>
    public string? Message { get; init; }
    /// <summary>What became of it.</summary>
    public ImageCopyResult? Result { get; init; }
}
