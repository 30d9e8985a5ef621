using System.Diagnostics;
using System.Management.Automation;

namespace Podsharp.Pump;

/// <summary>Shows a pull or a push as progress: the image, and below it each layer in bytes.</summary>
/// <remarks>Belongs to one of them; the caller runs it on the pipeline thread.</remarks>
/// <param name="title">What is done, as "Pulling alpine".</param>
/// <param name="write">Writes a record.</param>
internal sealed class LayerProgress(string title, Action<ProgressRecord> write)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static int lastActivity = 7000;

    private readonly int activity = Interlocked.Increment(ref lastActivity);
    private readonly Dictionary<string, Layer> layers = new(StringComparer.Ordinal);

    /// <summary>Whether a step is worth a trip to the pipeline thread now.</summary>
    public bool IsDue(LayerStep step)
    {
        if (!step.IsMoving || step.Digest is null)
            return true;
        lock (layers)
            return !layers.TryGetValue(step.Digest, out var layer) || Stopwatch.GetElapsedTime(layer.Shown) >= Interval;
    }

    /// <summary>Shows a step.</summary>
    public void Show(LayerStep step)
    {
        if (step.Digest is null)
        {
            write(Whole(step.State));
            return;
        }
        Layer layer;
        lock (layers)
        {
            if (!layers.TryGetValue(step.Digest, out layer!))
                layers.Add(step.Digest, layer = new Layer(Interlocked.Increment(ref lastActivity)));
            layer.Shown = Stopwatch.GetTimestamp();
            layer.Current = step.Current;
            layer.Total = step.Total;
            layer.Done = step.IsDone;
        }
        write(Part(step, layer));
        write(Whole(Sum()));
    }

    /// <summary>Takes the display away.</summary>
    public void Complete()
    {
        foreach (var layer in layers.Values.Where(layer => !layer.Done))
            write(new ProgressRecord(layer.Activity, "Layer", "Ended") { ParentActivityId = activity, RecordType = ProgressRecordType.Completed });
        write(new ProgressRecord(activity, title, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private ProgressRecord Whole(string status)
    {
        var total = layers.Values.Sum(layer => layer.Total);
        var current = layers.Values.Sum(layer => layer.Done ? layer.Total : layer.Current);
        return new ProgressRecord(activity, title, status.Length > 0 ? status : "Resolving")
        {
            PercentComplete = total > 0 ? (int)Math.Min(100, 100 * current / total) : -1,
        };
    }

    private ProgressRecord Part(LayerStep step, Layer layer)
    {
        var name = step.Digest![(step.Digest!.IndexOf(':') + 1)..];
        var amount = step.Total > 0 ? $"{Size(step.Current)} of {Size(step.Total)}" : Size(step.Current);
        return new ProgressRecord(layer.Activity, "Layer " + name[..Math.Min(12, name.Length)], step.IsMoving ? amount : step.State)
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
