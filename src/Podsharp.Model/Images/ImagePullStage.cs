namespace Podsharp.Model;

/// <summary>What a progress record tells.</summary>
public enum ImagePullStage
{
    /// <summary>The reference is being resolved.</summary>
    Resolving,
    /// <summary>A layer is in the store already.</summary>
    LayerExists,
    /// <summary>A layer is being fetched, verified and unpacked.</summary>
    Downloading,
    /// <summary>A layer has been fetched and verified.</summary>
    LayerDone,
    /// <summary>Something transient failed and is tried again; see <see cref="ImagePullProgress.Message"/>.</summary>
    Retrying,
    /// <summary>The image is in the store; <see cref="ImagePullProgress.Image"/> is set. Always the last record.</summary>
    Done,
}
