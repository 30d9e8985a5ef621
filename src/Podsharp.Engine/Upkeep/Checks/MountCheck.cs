using Podsharp.Engine.Native;
using Podsharp.Engine.Storage;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks for mounts of the store and of runs that nobody needs, and for counts of mounts that aren't there.</summary>
internal sealed class MountCheck(EngineParts parts, StoreUsers store, Liveness liveness)
{
    internal IEnumerable<Damage> Find()
    {
        var configuration = parts.Storage.Configuration;
        var byLayer = store.Containers.Where(container => container.LayerId.Length > 0).ToDictionary(container => container.LayerId, StringComparer.Ordinal);
        foreach (var target in Mounts.Read().Select(mount => mount.MountPoint).Distinct())
        {
            if (target.StartsWith(configuration.DriverRoot + "/tempdirs/", StringComparison.Ordinal))
                yield return Leaked(target, "something that was to be deleted is mounted", () => Unmount(target));
            else if (Below(target, configuration.DriverRoot) is { } layer && target.EndsWith("/merged", StringComparison.Ordinal) && LookAtLayer(target, layer, byLayer) is { } damage)
                yield return damage;
            else if (Below(target, configuration.RunRoot + "/overlay-containers") is { } id && liveness.IsOver(id))
                yield return Leaked(target, $"it is mounted for {liveness.Describe(id)}", () => Unmount(target));
        }
        foreach (var record in liveness.Records.Where(record => parts.Storage.CountMounts(record.Id) > 0 && parts.Storage.MountedPath(record.Id) is null
            && liveness.IsOver(record.Id)))
        {
            yield return new Damage(new()
            {
                Kind = FindingKind.MountCount,
                Object = "container",
                Id = record.Id,
                Problem = $"the root file system of container {record.Name} counts as mounted and isn't",
                Cost = RepairCost.Nothing,
                Remedy = "the count is set to none",
            }, _ => parts.Storage.Unmount(record.Id, force: true));
        }
    }

    private Damage? LookAtLayer(string target, string layer, Dictionary<string, StoredContainer> byLayer)
    {
        if (!byLayer.TryGetValue(layer, out var container))
        {
            return store.HasLayer(layer) || parts.Storage.IsLayerMounted(layer) ? null
                : Leaked(target, $"the layer {layer[..12]} is mounted and no record names it", () => Unmount(target));
        }
        // Others' containers are theirs to judge; a mount that was asked for is counted.
        return !liveness.IsOurs(container.Id) || parts.Storage.CountMounts(container.Id) > 0 || !liveness.IsOver(container.Id) ? null
            : Leaked(target, $"the root file system is mounted of {liveness.Describe(container.Id)}", () => parts.Storage.Unmount(container.Id, force: true));
    }

    private static Damage Leaked(string target, string problem, Action repair) => new(new()
    {
        Kind = FindingKind.LeakedMount,
        Object = "mount",
        Path = target,
        Problem = problem,
        Cost = RepairCost.Nothing,
        Remedy = "it is unmounted",
    }, _ => repair());

    private static void Unmount(string target)
    {
        // Several may lie on top of each other.
        for (var i = 0; i < 16 && Mounts.IsMountPoint(target); i++)
            LinuxError.Check(Mounts.TryUnmount(target, lazily: true), "unmount", target);
    }

    // The first name below a directory, where that is an id.
    private static string? Below(string path, string directory)
    {
        if (!path.StartsWith(directory + "/", StringComparison.Ordinal))
            return null;
        var name = path[(directory.Length + 1)..].Split('/')[0];
        return name.Length == 64 && name.All(char.IsAsciiHexDigitLower) ? name : null;
    }
}
