using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>Layers to be recorded, written down but not yet in force.</summary>
/// <remarks>The list takes these forms one after the other: the layers marked as rubbish, while their files are put in place; whole
/// but condemned, until what they are for is recorded; as they stay. A container's layer goes without the second.</remarks>
internal sealed class LayerAddition(LayerWriting writing, IReadOnlyList<NewLayer> layers,
    IReadOnlyList<StoreFile<StoredLayer>.PreparedSave> saves) : IDisposable
{
    /// <summary>The lists, to be made durable together with what goes with them.</summary>
    internal IEnumerable<FileBatch> Files => saves.Select(save => save.Files);

    /// <summary>Whether the layer is among them.</summary>
    internal bool Has(string layerId) => layers.Any(layer => layer.Record.Id == layerId);

    /// <summary>Puts the layers into the store.</summary>
    internal void Place()
    {
        if (layers.Count == 0)
            return;
        saves[0].Apply();
        StepPoints.Reach("storage.layer.recorded");
        try
        {
            foreach (var (record, staging) in layers)
                writing.PlaceFiles(record, staging);
            StepPoints.Reach("storage.layer.placed");
            saves[1].Apply();
            StepPoints.Reach("storage.layer.committed");
        }
        catch (ContainerEngineException)
        {
            writing.TryRemoveIncomplete();
            throw;
        }
    }

    /// <summary>What they are for is recorded: they stay.</summary>
    internal void Keep()
    {
        saves[^1].Apply();
        StepPoints.Reach("storage.layer.kept");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var save in saves)
            save.Dispose();
    }
}

/// <summary>A layer to be recorded.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Staging">Its files; null for a container's, which is made empty.</param>
internal sealed record NewLayer(StoredLayer Record, LayerStaging? Staging);
