using Podsharp.Engine.Events;
using Podsharp.Engine.Native;
using Podsharp.Engine.Security;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Volumes;

/// <summary>The volumes: a row in the state and a directory <c>NAME/_data</c> each.</summary>
/// <remarks>A row without its directory is an empty volume (the directory is made when it is needed); a directory without a row is
/// content that a volume of that name takes over. So every step can be killed, and none throws content away unasked.</remarks>
/// <param name="database">The state.</param>
/// <param name="paths">Where volumes and lock files are.</param>
/// <param name="events">Where creation and removal are noted.</param>
internal sealed class VolumeStore(StateDatabase database, EnginePaths paths, IEventLog events)
{
    private const string RemovedPrefix = ".removed-";
    private const string ImportPrefix = ".import-";
    private const uint PrivateMode = 0x1C0; // 0700
    private const uint ContentMode = 0x1ED; // 0755

    /// <summary>Volumes that are mounted while they are used.</summary>
    internal Lazy<VolumeMounts>? Mounts { get; init; }

    /// <summary>Limits of what is in them.</summary>
    internal VolumeQuota Quota { get; } = new(paths);

    /// <summary>The boot id under which mounts count.</summary>
    internal string BootId { get; init; } = "";

    /// <summary>The SELinux label of a volume's directory; empty for none.</summary>
    internal Func<string> FileLabel { get; init; } = () => "";

    /// <summary>All volumes by name.</summary>
    internal IReadOnlyList<ContainerVolume> List() => database.Exists ? ToModels(database.Read(VolumeTable.List)) : [];

    /// <summary>A volume by its name, or by an unambiguous beginning of it.</summary>
    /// <exception cref="ContainerEngineException">NotFound or Ambiguous.</exception>
    internal ContainerVolume Get(string name)
    {
        if (!database.Exists) throw EngineErrors.VolumeNotFound(name);
        if (database.Read(c => VolumeTable.Find(c, name)) is { } row) return ToModels([row])[0];
        var matches = name.Length == 0 ? [] : database.Read(VolumeTable.List).Where(v => v.Name.StartsWith(name, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            0 => throw EngineErrors.VolumeNotFound(name),
            1 => ToModels(matches)[0],
            _ => throw EngineErrors.Ambiguous("volume", name),
        };
    }

    /// <summary>Makes a named volume with a copy of a directory's content: owners, modes, attributes and times with it.</summary>
    /// <remarks>The copy is made aside and becomes the volume's directory in one step; the row comes after it. A kill leaves remains, or content
    /// that a volume of that name takes over.</remarks>
    /// <exception cref="ContainerEngineException">NameInUse or InvalidArgument.</exception>
    internal ContainerVolume Import(string name, IReadOnlyDictionary<string, string> labels, string? source, CancellationToken cancellationToken)
    {
        CheckName(name);
        if (source is null)
        {
            if (!Add(NewRow(name, anonymous: false, labels), cancellationToken)) throw EngineErrors.NameInUse("volume", name, "another volume");
            Ensure(name, cancellationToken);
            return Get(name);
        }
        using (var held = Lock(name, cancellationToken))
        {
            var directory = Path.Combine(paths.VolumeDirectory, name);
            if ((database.Exists && database.Read(c => VolumeTable.Find(c, name)) is not null) || Directory.Exists(directory))
                throw EngineErrors.NameInUse("volume", name, "another volume");
            var aside = Path.Combine(paths.VolumeDirectory, $"{ImportPrefix}{name}-{Random.Shared.Next():x}");
            try
            {
                Files.MakeDirectories(aside, PrivateMode, PrivateMode);
                Files.MakeDirectory(aside + "/_data", ContentMode);
                FileLabels.Set(aside + "/_data", FileLabel());
                using (var from = Files.Open(source, OpenFlags.Directory))
                using (var to = Files.Open(aside + "/_data", OpenFlags.Directory))
                    TreeCopy.Copy(from, to, owner: null, cancellationToken);
                StepPoints.Reach("volume.import.copied");
                LinuxError.Check(Files.TryRename(Files.Absolute, aside, Files.Absolute, directory, noReplace: true), "move the copy to", directory);
            }
            catch
            {
                Files.RemoveTree(aside);
                throw;
            }
            StepPoints.Reach("volume.import.placed");
            database.Write(Durability.Power, (connection, transaction) =>
                VolumeTable.Add(connection, transaction, NewRow(name, anonymous: false, labels) with { NeedsCopyUp = false, OwnerSettled = true }), cancellationToken);
        }
        Note(name, "create");
        return Get(name);
    }

    /// <summary>Makes a volume unless it is there.</summary>
    /// <returns>Its content's directory.</returns>
    internal string Ensure(string name, CancellationToken cancellationToken = default)
    {
        CheckName(name);
        Add(NewRow(name, IsAnonymousName(name), EmptyDictionary.Strings), cancellationToken);
        return EnsureDirectory(name, cancellationToken);
    }

    /// <summary>Notes in one transaction that a container uses the volumes among its mounts, and makes those that are missing.</summary>
    internal void Claim(string containerId, IReadOnlyList<ContainerMount> mounts, CancellationToken cancellationToken = default)
    {
        var rows = RowsOf(mounts);
        if (rows.Count == 0) return;
        var made = database.Write(Durability.Power, (connection, transaction) =>
        {
            var added = rows.Where(row => VolumeTable.Add(connection, transaction, row)).Select(row => row.Name).ToList();
            foreach (var row in rows) VolumeTable.Use(connection, transaction, row.Name, containerId);
            return added;
        }, cancellationToken);
        foreach (var name in made) Note(name, "create");
    }

    /// <summary>As <see cref="Claim"/>, for a container that brings its volumes' content: makes all of them, or none.</summary>
    /// <exception cref="ContainerEngineException">NameInUse: there is one of these already.</exception>
    internal void ClaimNew(string containerId, IReadOnlyList<ContainerMount> mounts, CancellationToken cancellationToken = default)
    {
        var rows = RowsOf(mounts).Select(row => row with { NeedsCopyUp = false, OwnerSettled = true }).ToList();
        if (rows.Count == 0) return;
        if (rows.Find(row => Directory.Exists(Path.Combine(paths.VolumeDirectory, row.Name))) is { } left) throw Taken(left.Name);
        database.Write(Durability.Power, (connection, transaction) =>
        {
            foreach (var row in rows)
            {
                if (!VolumeTable.Add(connection, transaction, row)) throw Taken(row.Name);
                VolumeTable.Use(connection, transaction, row.Name, containerId);
            }
            return true;
        }, cancellationToken);
        foreach (var row in rows) Note(row.Name, "create");

        static ContainerEngineException Taken(string name) => new(ErrorKind.NameInUse, "NameInUse", $"volume with name {name} already exists: the archive brings its content", name,
            "restore without the volumes' content (--ignore-volumes, -IgnoreVolumes), or remove that volume first");
    }

    private static List<VolumeTable.Row> RowsOf(IReadOnlyList<ContainerMount> mounts) =>
        [.. mounts.Where(m => m.Type == MountType.Volume).DistinctBy(m => m.Source).Select(m => VolumeOptions.NewRow(VolumeRequest.Of(m), IsAnonymousName(m.Source)))];

    /// <summary>The ids of the containers that use a volume.</summary>
    internal IReadOnlyList<string> UsersOf(string name) => database.Exists ? database.Read(c => VolumeTable.UsersOf(c, name)) : [];

    /// <summary>Removes a volume with its content.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InUse while a container has it.</exception>
    internal void Remove(string name, CancellationToken cancellationToken = default)
    {
        name = Get(name).Name;
        if (!TryRemove(name, exceptUser: null, cancellationToken))
        {
            throw new ContainerEngineException(ErrorKind.InUse, "VolumeInUse",
                $"volume {name} is being used by the following container(s): {string.Join(", ", UsersOf(name).Select(u => u[..Math.Min(12, u.Length)]))}: volume is being used", name,
                "remove these containers first, or force the removal to have them removed");
        }
    }

    /// <summary>Removes a volume that nobody uses, as a part of tidying up.</summary>
    /// <exception cref="ContainerEngineException">NotFound; InUse.</exception>
    internal void Prune(string name, CancellationToken cancellationToken)
    {
        Remove(name, cancellationToken);
        Note(name, "prune");
    }

    /// <summary>Lets go of all volumes of a container. Can be repeated after a kill.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="removeAnonymous">Whether its anonymous volumes, which nobody else uses, are removed.</param>
    /// <param name="removeNamed">Whether all others are, too, which nobody else uses.</param>
    internal void ReleaseContainer(string containerId, bool removeAnonymous, bool removeNamed = false)
    {
        if (!database.Exists) return;
        var used = database.Read(c => VolumeTable.UsedBy(c, containerId));
        if (used.Count == 0) return;
        foreach (var name in removeAnonymous ? used : [])
        {
            if (database.Read(c => VolumeTable.Find(c, name)) is { } row && (row.Anonymous || removeNamed)) TryRemove(name, containerId, CancellationToken.None);
        }
        database.Write(Durability.Power, (connection, transaction) => VolumeTable.Release(connection, transaction, containerId));
    }

    /// <summary>The directory of a volume's content.</summary>
    internal string DataPath(string name) => Path.Combine(paths.VolumeDirectory, name, "_data");

    /// <summary>Holds a volume: for the first mount and for its removal.</summary>
    internal FileLock Lock(string name, CancellationToken cancellationToken)
    {
        PrivateDirectory.Ensure(paths.LockDirectory);
        return FileLock.Acquire(LockPath(name), LockMode.Exclusive, cancellationToken, 0x180 /* 0600 */);
    }

    /// <summary>A volume's lock file.</summary>
    internal string LockPath(string name) => Path.Combine(paths.LockDirectory, $"volume-{name}.lock");

    /// <summary>Names that have a lock file and no volume.</summary>
    internal IReadOnlyList<string> FindForsakenLocks()
    {
        if (!Directory.Exists(paths.LockDirectory)) return [];
        var names = List().Select(volume => volume.Name).ToHashSet();
        return [.. Directory.EnumerateFiles(paths.LockDirectory, "volume-*.lock").Select(f => Path.GetFileNameWithoutExtension(f)["volume-".Length..])
            .Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes the lock file of a volume that is gone, unless somebody holds it.</summary>
    internal void RemoveLock(string name)
    {
        using var held = FileLock.TryAcquire(LockPath(name), LockMode.Exclusive);
        if (held is not null && database.Read(c => VolumeTable.Find(c, name)) is null) Files.TryRemove(held.Path);
    }

    /// <summary>Directories of volumes whose removal or import was begun and not finished, and that nobody goes on with.</summary>
    internal IReadOnlyList<string> FindRemains() => !Directory.Exists(paths.VolumeDirectory) ? []
        : [.. ((string[])[RemovedPrefix, ImportPrefix]).SelectMany(prefix =>
            Directory.EnumerateDirectories(paths.VolumeDirectory, prefix + "*").Where(path => IsFree(Path.GetFileName(path)[prefix.Length..])))];

    // Whoever keeps a directory aside holds the volume meanwhile.
    private bool IsFree(string aside)
    {
        var end = aside.LastIndexOf('-');
        if (end <= 0) return true;
        var path = LockPath(aside[..end]);
        if (!File.Exists(path)) return true;
        using var held = FileLock.TryAcquire(path, LockMode.Exclusive);
        return held is not null;
    }

    /// <summary>What is still to be done when it is mounted; null where it is gone.</summary>
    internal VolumeTable.Row? Find(string name) => database.Read(c => VolumeTable.Find(c, name));

    /// <summary>Notes that something was copied into it, and that its directory's owner is settled by that.</summary>
    internal void NoteCopied(string name) => database.Write(Durability.Power, (connection, transaction) =>
    {
        VolumeTable.ClearCopyUp(connection, transaction, name);
        VolumeTable.SettleOwner(connection, transaction, name);
    });

    /// <summary>Notes that its directory keeps the owner it has.</summary>
    internal void SettleOwner(string name) =>
        database.Write(Durability.Power, (connection, transaction) => VolumeTable.SettleOwner(connection, transaction, name));

    /// <summary>Makes the content's directory where it is missing. The caller holds the volume.</summary>
    internal string MakeDirectory(string name)
    {
        var data = DataPath(name);
        if (Directory.Exists(data)) return data;
        Files.MakeDirectories(Path.GetDirectoryName(data)!, PrivateMode, PrivateMode);
        var row = Find(name);
        if (row is not null)
            Quota.Apply(row, Path.GetDirectoryName(data)!);
        Files.MakeDirectory(data, ContentMode);
        FileLabels.Set(data, FileLabel());
        if (row is { UserId: var user, GroupId: var group } && (user ?? group) is not null)
            LinuxError.Check(Files.TryChangeOwner(Files.Absolute, data, user ?? 0, group ?? 0), "change the owner of", data);
        return data;
    }

    /// <summary>A name for an anonymous volume: 64 hexadecimal characters.</summary>
    internal static string NewAnonymousName() => Convert.ToHexStringLower(Entropy.Bytes(32));

    /// <summary>Checks a name by podman's rule, which also keeps it a plain directory name.</summary>
    /// <exception cref="ContainerEngineException">InvalidArgument.</exception>
    internal static void CheckName(string name)
    {
        if (name.Length is 0 or > 200 || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw EngineErrors.InvalidArgument($"\"{name}\" is no name for a volume", name,
                "use letters, digits, _, . and -, with a letter or digit first; a host directory is given as an absolute path");
        }
    }

    /// <summary>Whether a container's mount is an anonymous volume, as planned: with its name.</summary>
    internal static bool IsAnonymous(ContainerMount mount) => mount.Type == MountType.Volume && IsAnonymousName(mount.Source);

    private static bool IsAnonymousName(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);

    private static VolumeTable.Row NewRow(string name, bool anonymous, IReadOnlyDictionary<string, string> labels) =>
        new(name, DateTimeOffset.UtcNow, anonymous, labels, NeedsCopyUp: true);

    /// <summary>Adds a volume's row unless there is one of that name.</summary>
    internal bool Add(VolumeTable.Row row, CancellationToken cancellationToken)
    {
        var added = database.Write(Durability.Power, (connection, transaction) => VolumeTable.Add(connection, transaction, row), cancellationToken);
        if (added) Note(row.Name, "create");
        return added;
    }

    private string EnsureDirectory(string name, CancellationToken cancellationToken)
    {
        if (Directory.Exists(DataPath(name))) return DataPath(name);
        using var held = Lock(name, cancellationToken);
        return MakeDirectory(name);
    }

    // The directory is set aside first: a kill then leaves an empty volume that the next try removes, never a removed volume's
    // content to a new one of the same name.
    private bool TryRemove(string name, string? exceptUser, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(paths.VolumeDirectory, name);
        var aside = Path.Combine(paths.VolumeDirectory, $"{RemovedPrefix}{name}-{Random.Shared.Next():x}");
        using (var held = Lock(name, cancellationToken))
        {
            if (UsersOf(name).Any(u => u != exceptUser)) return false;
            if (Find(name) is { IsMounted: true } mounted)
                Mounts!.Value.Detach(mounted);
            var errno = Files.TryRename(Files.Absolute, directory, Files.Absolute, aside, noReplace: true);
            if (errno != Errno.NoEntry) LinuxError.Check(errno, "remove the volume's directory", directory);
            if (!database.Write(Durability.Power, (connection, transaction) => VolumeTable.Delete(connection, transaction, name, exceptUser), CancellationToken.None))
            {
                if (errno == Errno.None) Files.TryRename(aside, directory);
                return false; // a container came to use it meanwhile
            }
            Files.TryRemove(held.Path);
        }
        Note(name, "remove");
        SweepRemoved();
        return true;
    }

    /// <summary>Removes what removals have set aside, those that were killed, too.</summary>
    internal void SweepRemoved()
    {
        // No volume has been mounted yet: then there is no directory.
        if (!Directory.Exists(paths.VolumeDirectory)) return;
        foreach (var left in Directory.EnumerateDirectories(paths.VolumeDirectory, RemovedPrefix + "*")) Files.RemoveTree(left);
    }

    private void Note(string name, string status) => events.Append(new EngineEvent { Type = "volume", Status = status, Name = name });

    private List<ContainerVolume> ToModels(IReadOnlyList<VolumeTable.Row> rows)
    {
        var counts = rows.Any(row => row.IsMounted) ? database.Read(connection => VolumeMountTable.Counts(connection, BootId)) : new Dictionary<string, int>();
        return [.. rows.Select(row => new ContainerVolume
        {
            Name = row.Name,
            Driver = row.Driver,
            Options = row.Options,
            MountCount = counts.GetValueOrDefault(row.Name),
            MountPoint = row.Driver == "image" ? Mounts!.Value.ImagePath(row) : DataPath(row.Name),
            Created = row.Created,
            Labels = row.Labels,
            UserId = row.UserId,
            GroupId = row.GroupId,
            Anonymous = row.Anonymous,
            NeedsCopyUp = row.NeedsCopyUp,
            NeedsOwner = !row.OwnerSettled,
        })];
    }
}
