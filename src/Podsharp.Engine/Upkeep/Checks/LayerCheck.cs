using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks at layers: their files, what they stand on, their content, and whether anything uses them.</summary>
internal sealed class LayerCheck(EngineParts parts, StoreUsers store, StorageCheckOptions options)
{
    internal IEnumerable<Damage> Find(CancellationToken cancellationToken)
    {
        foreach (var layer in store.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Look(layer, cancellationToken) is { } damage)
                yield return layer.StoreRoot == parts.Storage.Configuration.GraphRoot ? damage : ReadOnly(damage);
        }
        foreach (var damage in Unreferenced())
            yield return damage;
        foreach (var path in parts.Storage.FindLeftovers())
        {
            yield return new Damage(new()
            {
                Kind = FindingKind.StoreLeftover,
                Object = "store",
                Path = path,
                Problem = "no record names it",
                Cost = RepairCost.Nothing,
                Remedy = "it is removed: what killed programs have left",
            }, _ => parts.Storage.RemoveLeftover(path));
        }
    }

    private Damage? Look(StoredLayer layer, CancellationToken cancellationToken)
    {
        var finding = new StorageFinding { Kind = FindingKind.LayerFiles, Object = "layer", Id = layer.Id, Path = layer.DirectoryPath, Problem = "" };
        if (Files.TryStatus(layer.DirectoryPath + "/diff") is not { IsDirectory: true })
            return Removal(layer, finding with { Problem = "its files are missing" });
        if (layer.ParentId is { } parent && !store.HasLayer(parent))
            return Removal(layer, finding with { Kind = FindingKind.LayerParent, Problem = $"the layer below it, {parent}, is missing" });
        if (parts.Storage.FindMissingParts(layer) is { Count: > 0 } missing)
        {
            return new Damage(finding with
            {
                Problem = string.Join(", ", missing),
                Cost = RepairCost.Nothing,
                Remedy = "it is made anew from the records",
            }, _ => parts.Storage.RestoreParts(layer.Id));
        }
        return options.Quick || parts.Storage.CheckLayerContents(layer, cancellationToken) is not { Count: > 0 } problems ? null
            : Removal(layer, finding with { Kind = FindingKind.LayerContent, Problem = string.Join("; ", problems) });
    }

    private Damage Removal(StoredLayer layer, StorageFinding finding) =>
        store.Removal(finding, store.ImagesOn(layer.Id), store.ContainersOn(layer.Id), layer.Id);

    private static Damage ReadOnly(Damage damage) => new(damage.Finding with
    {
        Cost = RepairCost.Impossible,
        Remedy = "it is in a read-only store: repair it there",
    });

    // Those on top first, so that a repair finds each without children.
    private IEnumerable<Damage> Unreferenced()
    {
        var used = store.Images.SelectMany(store.Chain).Concat(store.Containers.SelectMany(container => store.Chain(container.LayerId)))
            .Select(layer => layer.Id).ToHashSet();
        var limit = DateTimeOffset.UtcNow - options.MaximumAge;
        return store.Layers.Where(layer => !used.Contains(layer.Id) && layer.Created < limit && layer.StoreRoot == parts.Storage.Configuration.GraphRoot)
            .OrderByDescending(layer => store.Chain(layer.Id).Count())
            .Select(layer => new Damage(new()
            {
                Kind = FindingKind.LayerUnreferenced,
                Object = "layer",
                Id = layer.Id,
                Path = layer.DirectoryPath,
                Problem = "no image and no container uses it",
                Cost = RepairCost.Nothing,
                Remedy = "it is removed",
            }, _ => parts.Storage.RemoveUnusedLayer(layer.Id)));
    }
}
