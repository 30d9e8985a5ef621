namespace Podsharp.Model;

/// <summary>How thoroughly to look.</summary>
public sealed record StorageCheckOptions
{
    /// <summary>Leaves out what reads all layers: whether their files are those that were stored.</summary>
    public bool Quick { get; init; }
    /// <summary>How old a layer may be that no image and no container uses: another program may be about to record its image.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromHours(24);
}
