using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The layers: the store's own, and those of additional stores, which are only read.</summary>
internal sealed class LayerStore
{
    private readonly StorageConfiguration configuration;
    private readonly StoreLayout layout;
    private readonly StoreFile<StoredLayer> own;
    private readonly IReadOnlyList<StoreFile<StoredLayer>> additional;

    internal LayerStore(StorageConfiguration configuration, StoreLayout layout)
    {
        this.configuration = configuration;
        this.layout = layout;
        own = OpenFile(configuration.GraphRoot);
        additional = [.. configuration.AdditionalImageStores.Select(OpenFile)];
    }

    /// <summary>What to do about layers whose image's removal was cut short. Called with the lock held.</summary>
    internal Action<LayerWriting>? SettleCondemned { get; init; }

    /// <summary>All complete layers, the store's own first.</summary>
    internal IReadOnlyList<StoredLayer> Read() =>
        [.. own.Read().Records.Concat(additional.SelectMany(store => store.Read().Records)).Where(layer => !layer.IsIncomplete)];

    /// <summary>The complete layer with this id, or null.</summary>
    internal StoredLayer? Find(string layerId) => Find(own.Read(), layerId);

    /// <summary>A layer and those below it, the top first.</summary>
    internal IReadOnlyList<StoredLayer> GetChain(string topLayerId)
    {
        var snapshot = own.Read();
        var chain = new List<StoredLayer>();
        for (var id = topLayerId; id is not null; id = chain[^1].ParentId)
        {
            var layer = Find(snapshot, id) ?? throw Missing(id);
            chain.Add(layer);
        }
        return chain;
    }

    /// <summary>Holds the layers as they are (shared lock): for what must not lose a layer meanwhile.</summary>
    internal StoreFile<StoredLayer>.StoreReading BeginRead() => own.BeginRead();

    /// <summary>The complete layer with this id in a held snapshot or in an additional store, or null.</summary>
    internal StoredLayer? Find(StoreSnapshot<StoredLayer> snapshot, string layerId)
    {
        if (snapshot.Find(layerId) is { IsIncomplete: false } layer)
            return layer;
        foreach (var store in additional)
        {
            if (store.Read().Find(layerId) is { IsIncomplete: false } other)
                return other;
        }
        return null;
    }

    /// <summary>Takes the layers' exclusive lock. Half-made layers of killed processes are removed on the way, as podman does.</summary>
    internal LayerWriting BeginWrite()
    {
        layout.PrepareForWriting();
        var writing = new LayerWriting(this, configuration, own.BeginWrite());
        try
        {
            writing.RemoveIncomplete();
            if (writing.Snapshot.Records.Any(layer => layer.IsCondemned))
                SettleCondemned?.Invoke(writing);
            return writing;
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    internal static ContainerEngineException Missing(string layerId) => new(ErrorKind.DataCorrupt, "LayerMissing",
        $"the layer {layerId} is not in the store", layerId, "it was removed or is damaged: pull the image again");

    private static StoreFile<StoredLayer> OpenFile(string root) => new($"{root}/overlay-layers/layers.lock",
        $"{root}/overlay-layers/layers.json", $"{root}/overlay-layers/volatile-layers.json",
        (raw, isVolatile) => RecordParser.ParseLayer(raw, isVolatile, root));
}
