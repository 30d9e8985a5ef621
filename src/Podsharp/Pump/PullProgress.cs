using System.Diagnostics;
using System.Management.Automation;
using Podsharp.Model;

namespace Podsharp.Pump;

/// <summary>Shows a pull as progress: the image, and below it each layer in bytes.</summary>
/// <remarks>Belongs to one pull; the caller runs it on the pipeline thread.</remarks>
internal sealed class PullProgress(string reference, Action<ProgressRecord> write, string verb = "Pulling")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static int lastActivity = 7000;

    private readonly int activity = Interlocked.Increment(ref lastActivity);
    private readonly Dictionary<string, Layer> layers = new(StringComparer.Ordinal);

    /// <summary>Whether a step is worth a trip to the pipeline thread now.</summary>
    public bool IsDue(ImagePullProgress step)
    {
        if (step.Stage != ImagePullStage.Downloading || step.BlobDigest is null)
            return true;
        lock (layers)
            return !layers.TryGetValue(step.BlobDigest, out var layer) || Stopwatch.GetElapsedTime(layer.Shown) >= Interval;
    }

    /// <summary>Shows a step.</summary>
    public void Show(ImagePullProgress step)
    {
        if (step.BlobDigest is null)
        {
            write(Whole(step.Message ?? step.Stage.ToString()));
            return;
        }
        Layer layer;
        lock (layers)
        {
            if (!layers.TryGetValue(step.BlobDigest, out layer!))
                layers.Add(step.BlobDigest, layer = new Layer(Interlocked.Increment(ref lastActivity)));
            layer.Shown = Stopwatch.GetTimestamp();
            layer.Current = step.Current;
            layer.Total = step.Total;
            layer.Done = step.Stage is ImagePullStage.LayerDone or ImagePullStage.LayerExists;
        }
        write(Part(step, layer));
        write(Whole(step.Stage == ImagePullStage.Retrying ? step.Message ?? "Trying again" : Sum()));
    }

    /// <summary>Takes the display away.</summary>
    public void Complete()
    {
        foreach (var layer in layers.Values.Where(layer => !layer.Done))
            write(new ProgressRecord(layer.Activity, "Layer", "Ended") { ParentActivityId = activity, RecordType = ProgressRecordType.Completed });
        write(new ProgressRecord(activity, $"{verb} {reference}", "Done") { RecordType = ProgressRecordType.Completed });
    }

    private ProgressRecord Whole(string status)
    {
        var total = layers.Values.Sum(layer => layer.Total);
        var current = layers.Values.Sum(layer => layer.Done ? layer.Total : layer.Current);
        return new ProgressRecord(activity, $"{verb} {reference}", status.Length > 0 ? status : "Resolving")
        {
            PercentComplete = total > 0 ? (int)Math.Min(100, 100 * current / total) : -1,
        };
    }

    private ProgressRecord Part(ImagePullProgress step, Layer layer)
    {
        var digest = step.BlobDigest!;
        var name = digest[(digest.IndexOf(':') + 1)..];
        return new ProgressRecord(layer.Activity, "Layer " + name[..Math.Min(12, name.Length)], step.Stage switch
        {
            ImagePullStage.LayerExists => "already here",
            ImagePullStage.LayerDone => "done",
            ImagePullStage.Retrying => step.Message ?? "trying again",
            _ when step.Total > 0 => $"{Size(step.Current)} of {Size(step.Total)}",
            _ => Size(step.Current),
        })
        {
            ParentActivityId = activity,
            PercentComplete = step.Total > 0 ? (int)Math.Min(100, 100 * step.Current / step.Total) : -1,
            RecordType = layer.Done ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
    }

    private string Sum()
    {
        var done = layers.Values.Count(layer => layer.Done);
        var current = layers.Values.Sum(layer => layer.Done ? layer.Total : layer.Current);
        return $"{done} of {layers.Count} layers, {Size(current)}";
    }

    private static string Size(long bytes) => Views.Display.Size(bytes);

    private sealed class Layer(int activity)
    {
        public int Activity { get; } = activity;

        public long Shown { get; set; }

        public long Current { get; set; }

        public long Total { get; set; }

        public bool Done { get; set; }
    }
}
