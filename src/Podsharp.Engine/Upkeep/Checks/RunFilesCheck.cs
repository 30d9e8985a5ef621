using System.Text;
using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Upkeep.Checks;

/// <summary>Looks for what is left of things that are gone: lock files, exit files, copies of the executable, volumes' remains.</summary>
internal sealed class RunFilesCheck(EngineParts parts, Liveness liveness)
{
    // What is younger somebody may be making at this moment.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    internal IEnumerable<Damage> Find() => [.. Locks(), .. ExitFiles(), .. Executables(), .. Volumes()];

    private IEnumerable<Damage> Locks()
    {
        foreach (var id in parts.Containers.LockedIds().Where(liveness.IsGone))
        {
            yield return Left(FindingKind.LockFile, id, Path.Combine(parts.Paths.LockDirectory, "container-" + id),
                $"it is the lock of {liveness.Describe(id)}", () => parts.Containers.RemoveLock(id));
        }
        foreach (var name in parts.Volumes.FindForsakenLocks())
        {
            yield return Left(FindingKind.LockFile, name, parts.Volumes.LockPath(name), $"it is the lock of volume {name}, which is gone",
                () => parts.Volumes.RemoveLock(name));
        }
    }

    private IEnumerable<Damage> ExitFiles() =>
        from directory in (string[])[parts.Paths.ExitDirectory, Path.Combine(parts.Paths.TmpDirectory, "persist")]
        from entry in Files.ReadDirectory(directory)
        let id = Encoding.UTF8.GetString(entry.Name)
        where id.Length == 64 && liveness.IsGone(id) && liveness.IsOver(id)
        let path = Path.Combine(directory, id)
        select Left(FindingKind.RunFiles, id, path, $"it belongs to a run of {liveness.Describe(id)}", () => Files.RemoveTree(path));

    private IEnumerable<Damage> Executables()
    {
        if (!parts.Database.Exists)
            return [];
        return parts.Executables.FindUnused(Grace).Select(path => Left(FindingKind.ExecutableCopy, Path.GetFileName(path), path,
            "no container names this copy of the executable", () => Files.RemoveTree(path)));
    }

    private IEnumerable<Damage> Volumes() => parts.Volumes.FindRemains().Select(path =>
        Left(FindingKind.VolumeLeftover, Path.GetFileName(path), path, "the removal or the import of a volume wasn't finished", () => Files.RemoveTree(path)));

    private static Damage Left(FindingKind kind, string id, string path, string problem, Action repair) => new(new()
    {
        Kind = kind,
        Object = kind == FindingKind.VolumeLeftover ? "volume" : "state",
        Id = id,
        Path = path,
        Problem = problem,
        Cost = RepairCost.Nothing,
        Remedy = "it is removed",
    }, _ => repair());
}
