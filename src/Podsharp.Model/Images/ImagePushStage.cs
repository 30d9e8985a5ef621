namespace Podsharp.Model;

/// <summary>What a progress record of a push tells.</summary>
public enum ImagePushStage
{
    /// <summary>The registry is asked which layers it has.</summary>
    Preparing,
    /// <summary>The registry has a layer already.</summary>
    LayerExists,
    /// <summary>The registry took a layer over from another of its repositories.</summary>
    LayerMounted,
    /// <summary>A layer is being compressed and sent.</summary>
    Uploading,
    /// <summary>A layer has been sent.</summary>
    LayerDone,
    /// <summary>The configuration is being sent.</summary>
    Configuration,
    /// <summary>The manifest is being written.</summary>
    Manifest,
    /// <summary>Signatures are being made and written.</summary>
    Signing,
    /// <summary>Something transient failed and is tried again; see <see cref="ImagePushProgress.Message"/>.</summary>
    Retrying,
    /// <summary>The image is at the registry; <see cref="ImagePushProgress.Result"/> is set. Always the last record.</summary>
    Done,
}
