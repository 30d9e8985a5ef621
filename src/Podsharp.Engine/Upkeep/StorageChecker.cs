using Podsharp.Engine.Upkeep.Checks;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep;

/// <summary>Looks for damage and leftovers in the store, in the state and on the host, and repairs them.</summary>
/// <remarks>The checks take no lock for longer than a look. What somebody is at work on is passed over: each finding about a container was made
/// when nobody held its lock. Repairs go through the same doors as everyday's removals, which check again under their locks.</remarks>
internal sealed class StorageChecker(EngineParts parts)
{
    /// <summary>Looks, and changes nothing but what any command would (a container's end that nobody has noticed).</summary>
    public StorageCheckReport Check(StorageCheckOptions options, CancellationToken cancellationToken)
    {
        var store = new StoreUsers(parts);
        return Report(store, [.. Find(options, store, cancellationToken).Select(damage => damage.Finding)]);
    }

    /// <summary>Looks, and repairs what may be repaired at that price, the cheap first. What then still is wrong is told by another look.</summary>
    public StorageCheckReport Repair(StorageRepairOptions options, CancellationToken cancellationToken)
    {
        var store = new StoreUsers(parts);
        var findings = new List<StorageFinding>();
        foreach (var damage in Find(options.Check, store, cancellationToken).OrderBy(damage => damage.Finding.Cost))
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.Add(IsWanted(damage, options) ? Repair(damage, cancellationToken) : damage.Finding);
        }
        return Report(store, findings);
    }

    private static bool IsWanted(Damage damage, StorageRepairOptions options) => damage.Repair is not null
        && damage.Finding.Cost <= options.Highest && options.Only?.Contains(damage.Finding) != false;

    private static StorageFinding Repair(Damage damage, CancellationToken cancellationToken)
    {
        try
        {
            damage.Repair!(cancellationToken);
            return damage.Finding with { Repaired = true };
        }
        // One that can't be repaired is told with the others; they still can.
        catch (Exception error) when (error is ContainerEngineException or IOException or UnauthorizedAccessException)
        {
            return damage.Finding with { Failure = error.Message };
        }
    }

    private static StorageCheckReport Report(StoreUsers store, IReadOnlyList<StorageFinding> findings) => new()
    {
        Findings = findings,
        Layers = store.Layers.Count,
        Images = store.Images.Count,
        Containers = store.Containers.Count,
    };

    /// <summary>What is wrong at two looks. The lists that a look compares are read one after the other, while containers and images come and go:
    /// what only looks damaged for that is not there, or is something else, a moment later.</summary>
    private List<Damage> Find(StorageCheckOptions options, StoreUsers store, CancellationToken cancellationToken)
    {
        var first = Look(options, store, cancellationToken).ToList();
        if (first.Count == 0)
            return first;
        // The content of layers is not read twice: it doesn't change; the layer may have gone.
        var contents = first.Where(damage => damage.Finding.Kind == FindingKind.LayerContent && parts.Storage.FindLayer(damage.Finding.Id) is not null).ToList();
        var others = first.Select(damage => damage.Finding).ToHashSet();
        return [.. contents, .. Look(options with { Quick = true }, new StoreUsers(parts), cancellationToken).Where(damage => others.Contains(damage.Finding))];
    }

    private IEnumerable<Damage> Look(StorageCheckOptions options, StoreUsers store, CancellationToken cancellationToken)
    {
        var state = new StateCheck(parts);
        var broken = state.FindInFile(options.Quick);
        foreach (var damage in broken)
            yield return damage;
        foreach (var damage in new LayerCheck(parts, store, options).Find(cancellationToken).Concat(new ImageCheck(parts, store).Find(cancellationToken)))
            yield return broken.Count == 0 ? damage : damage with { Repair = null };
        // Without the state nobody can tell what is in use.
        if (broken.Count > 0)
            yield break;
        var liveness = new Liveness(parts, store);
        foreach (var damage in state.FindInRows(liveness, store)
            .Concat(new MountCheck(parts, store, liveness).Find())
            .Concat(new NetworkCheck(parts, liveness).Find())
            .Concat(state.FindAddresses(liveness))
            .Concat(new RunFilesCheck(parts, liveness).Find()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return damage;
        }
    }
}
