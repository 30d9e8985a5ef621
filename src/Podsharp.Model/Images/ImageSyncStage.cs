namespace Podsharp.Model;

/// <summary>What a progress record of a set of copies tells.</summary>
public enum ImageSyncStage
{
    /// <summary>An image would be copied.</summary>
    Planned,
    /// <summary>An image is being copied; <see cref="ImageSyncProgress.Step"/> says how far it is, once something has happened.</summary>
    Copying,
    /// <summary>The destination has it already.</summary>
    Skipped,
    /// <summary>It has been copied; <see cref="ImageSyncProgress.Result"/> is set.</summary>
    Copied,
    /// <summary>It couldn't be copied; <see cref="ImageSyncProgress.Message"/> says why.</summary>
    Failed,
}
