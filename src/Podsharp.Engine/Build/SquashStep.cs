using Podsharp.Engine.Images;
using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Engine.Storage.Tar;

namespace Podsharp.Engine.Build;

/// <summary>Makes one layer of those that a build has added, or of all.</summary>
/// <param name="job">The build.</param>
internal sealed class SquashStep(BuildJob job) : IDisposable
{
    private LayerStaging? staging;
    private string? parent;

    /// <summary>The layer, for the commit; none where nothing was added.</summary>
    internal IReadOnlyList<(LayerStaging, LayerCommit)> Layers => staging is null ? [] : [(staging, new LayerCommit { ParentId = parent })];

    /// <summary>What the stage has come to, with one layer.</summary>
    /// <param name="state">What it has come to with several.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal StageState Run(StageState state, CancellationToken cancellationToken)
    {
        var kept = job.Request.SquashAll ? 0 : state.BaseLayers;
        if (state.TopLayer is null || state.Layers.Count <= kept)
            return state;
        var chain = job.Parts.Storage.GetLayerChain(state.TopLayer);
        parent = kept == 0 ? null : chain[^kept].Id;
        var opened = chain.Take(chain.Count - kept).Select(layer => Files.Open(layer.DirectoryPath + "/diff", OpenFlags.Directory)).ToList();
        try
        {
            staging = job.Parts.Storage.BeginLayer();
            TreeCapture.Run(staging, (tar, stop) =>
            {
                var writer = new TarWriter(tar);
                new LayerMerge(writer, LayerChanges.OpaqueAttribute(job.Parts.StorageConfiguration.Rootless), kept > 0, job.Times, stop).Write(opened, []);
                writer.Finish();
            }, cancellationToken);
        }
        finally
        {
            opened.ForEach(handle => handle.Dispose());
        }
        var result = staging.Result;
        return state with
        {
            Layers = [.. state.Layers.Take(kept), (result.DiffId, result.DiffSize)],
            TopLayer = ContainerStorage.ComputeLayerId(parent, result.DiffId),
            History = OneLayer(job.Request.SquashAll ? [.. state.History.Skip(state.BaseHistory)] : state.History, kept),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => staging?.Dispose();

    // All steps stay; the last of them has the layer.
    private static HistoryRecord[] OneLayer(IReadOnlyList<HistoryRecord> history, int kept)
    {
        var layers = 0;
        HistoryRecord[] records = [.. history.Select(record => record.EmptyLayer || layers++ < kept ? record : record with { EmptyLayer = true })];
        if (records.Length > 0)
            records[^1] = records[^1] with { EmptyLayer = false };
        return records;
    }
}
