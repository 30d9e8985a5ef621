namespace Podsharp.Model;

/// <summary>What a progress record of a copy tells.</summary>
public enum ImageCopyStage
{
    /// <summary>An image of a list is begun; <see cref="ImageCopyProgress.Message"/> says which.</summary>
    Image,
    /// <summary>The destination has a blob already.</summary>
    BlobExists,
    /// <summary>The destination took a blob over from another of its repositories.</summary>
    BlobMounted,
    /// <summary>A blob is being copied.</summary>
    Copying,
    /// <summary>A blob has been copied.</summary>
    BlobDone,
    /// <summary>A configuration is being copied.</summary>
    Configuration,
    /// <summary>An image's manifest is being written.</summary>
    Manifest,
    /// <summary>The manifest of a list is being written.</summary>
    List,
    /// <summary>Something transient failed and is tried again; see <see cref="ImageCopyProgress.Message"/>.</summary>
    Retrying,
    /// <summary>All is there; <see cref="ImageCopyProgress.Result"/> is set. Always the last record.</summary>
    Done,
}
