namespace Podsharp.Engine.State;

/// <summary>A pod's row. What its containers do is told by theirs.</summary>
internal sealed record PodRecord
{
    public required PodConfig Config { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary><see cref="State.Intent.Create"/>, undone if found, or <see cref="State.Intent.Remove"/>, finished if found; null when the row tells
    /// the whole truth.</summary>
    public string? Intent { get; init; }

    public string Id => Config.Id;
    public string Name => Config.Name;
}
