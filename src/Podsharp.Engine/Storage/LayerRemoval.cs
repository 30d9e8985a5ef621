using Podsharp.Engine.State;

namespace Podsharp.Engine.Storage;

/// <summary>A removal of layers, written down but not yet in force.</summary>
internal sealed class LayerRemoval(LayerWriting writing, IReadOnlyCollection<string> layerIds, StoreFile<StoredLayer>.PreparedSave marks,
    StoreFile<StoredLayer>.PreparedSave drop) : IDisposable
{
    /// <summary>Makes it durable, together with what goes with it.</summary>
    internal void Sync(params ReadOnlySpan<FileBatch> alongside) => FileBatch.Sync([.. alongside, marks.Files, drop.Files]);

    /// <summary>Marks the layers as rubbish: whoever looks at the list from now on removes them.</summary>
    internal void Mark() => marks.Apply();

    /// <summary>Moves the files away and drops the records.</summary>
    internal void Finish()
    {
        foreach (var id in layerIds)
            writing.RemoveFiles(id);
        StepPoints.Reach("storage.layer.moved-away");
        drop.Apply();
        StepPoints.Reach("storage.layer.dropped");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        marks.Dispose();
        drop.Dispose();
    }
}
