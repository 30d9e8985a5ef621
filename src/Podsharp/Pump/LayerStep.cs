using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>What a step of a pull, a push or a copy says about a layer, or about the whole image.</summary>
/// <param name="Digest">The layer; null for the whole image.</param>
/// <param name="State">What has become of it, for people.</param>
/// <param name="Current">Bytes so far.</param>
/// <param name="Total">Bytes in all; 0 if unknown.</param>
/// <param name="IsMoving">Whether bytes are on their way.</param>
/// <param name="IsDone">Whether nothing more comes.</param>
internal sealed record LayerStep(string? Digest, string State, long Current, long Total, bool IsMoving, bool IsDone)
{
    /// <summary>A pull's step.</summary>
    public static LayerStep Of(ImagePullProgress step) => new(step.BlobDigest, step.Message ?? step.Stage switch
    {
        ImagePullStage.LayerExists => "already here",
        ImagePullStage.LayerDone => "done",
        ImagePullStage.Retrying => "trying again",
        _ => step.Stage.ToString(),
    }, step.Current, step.Total, step.Stage == ImagePullStage.Downloading, step.Stage is ImagePullStage.LayerDone or ImagePullStage.LayerExists);

    /// <summary>A push's step. How many bytes a layer will become is not known before its end.</summary>
    public static LayerStep Of(ImagePushProgress step) => new(step.LayerDigest, step.Stage switch
    {
        ImagePushStage.Preparing => "asking which layers are there",
        ImagePushStage.LayerExists => "already there",
        ImagePushStage.LayerMounted => "taken over from another repository",
        ImagePushStage.LayerDone => "done",
        ImagePushStage.Configuration => "sending the configuration",
        ImagePushStage.Manifest => "writing the manifest",
        _ => step.Message ?? "trying again",
    }, step.Current, 0, step.Stage == ImagePushStage.Uploading, step.Stage is ImagePushStage.LayerDone or ImagePushStage.LayerExists or ImagePushStage.LayerMounted);

    /// <summary>A copy's step.</summary>
    public static LayerStep Of(ImageCopyProgress step) => new(step.BlobDigest, step.Stage switch
    {
        ImageCopyStage.Image => "image " + step.Message,
        ImageCopyStage.BlobExists => "already there",
        ImageCopyStage.BlobMounted => "taken over from another repository",
        ImageCopyStage.BlobDone => "done",
        ImageCopyStage.Configuration => "copying the configuration",
        ImageCopyStage.Manifest => "writing the manifest",
        ImageCopyStage.List => "writing the list",
        _ => step.Message ?? "trying again",
    }, step.Current, step.Total, step.Stage == ImageCopyStage.Copying, step.Stage is ImageCopyStage.BlobDone or ImageCopyStage.BlobExists or ImageCopyStage.BlobMounted);
}
