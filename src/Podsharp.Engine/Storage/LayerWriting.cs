using System.Text;
using Podsharp.Engine.Host;
using Podsharp.Engine.Native;
using Podsharp.Engine.State;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The layers under their exclusive lock: milliseconds only. Nothing is unpacked here and no tree is deleted here; what
/// has to go is renamed into a staging directory and deleted after the lock is free.</summary>
/// <remarks>
/// A layer appears in this order, so that a death at any point leaves something every user of the store can undo: record with
/// the flag "incomplete" (whoever loads such a record deletes the layer), directory, short link, tar-split, record without it.
/// It disappears in the reverse order.
/// </remarks>
internal sealed class LayerWriting(LayerStore store, StorageConfiguration configuration, StoreFile<StoredLayer>.StoreWriting records)
    : IDisposable
{
    private const string LinkAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int MaximumDepth = 500;
    private StagingDirectory? trash;

    /// <summary>The store's own layers.</summary>
    internal StoreSnapshot<StoredLayer> Snapshot => records.Snapshot;

    /// <summary>Prepares the recording of staged layers, the lower ones first. One that is there already is reused.</summary>
    /// <exception cref="ContainerEngineException">One has another content than promised (LayerDigestMismatch), or the layer below is
    /// neither there nor among them (LayerMissing).</exception>
    internal LayerAddition PrepareAddition(IReadOnlyList<(LayerStaging Staging, LayerCommit Commit)> layers)
    {
        var added = new List<NewLayer>();
        foreach (var (staging, commit) in layers)
        {
            var diffId = staging.Result.DiffId;
            if (commit.ExpectedDiffId is { } expected && expected != diffId)
                throw new ContainerEngineException(ErrorKind.DataCorrupt, "LayerDigestMismatch",
                    $"the layer's content has the digest {diffId}, but the image's config promises {expected}", expected,
                    "the registry's copy is damaged or was tampered with: pull again, or from another registry");
            var id = LayerId.Compute(commit.ParentId, diffId);
            if (store.Find(Snapshot, id) is not null || added.Any(layer => layer.Record.Id == id))
                continue;
            if (commit.ParentId is { } parent && store.Find(Snapshot, parent) is null && added.All(layer => layer.Record.Id != parent))
                throw LayerStore.Missing(parent);
            added.Add(new(NewImageLayer(id, commit, staging.Result), staging));
        }
        return PrepareAddition(added, isCondemned: true);
    }

    private LayerAddition PrepareAddition(IReadOnlyList<NewLayer> layers, bool isCondemned)
    {
        var saves = new List<StoreFile<StoredLayer>.PreparedSave>();
        void Prepare(Func<StoredLayer, StoredLayer> change) =>
            saves.Add(records.Prepare([.. Snapshot.Records, .. layers.Select(layer => change(layer.Record))]));
        try
        {
            Prepare(layer => WithIncomplete(layer, true));
            if (isCondemned)
                Prepare(layer => WithCondemned(layer, true));
            Prepare(layer => layer);
            return new LayerAddition(this, layers, saves);
        }
        catch
        {
            saves.ForEach(save => save.Dispose());
            throw;
        }
    }

    /// <summary>Makes an empty read-write layer.</summary>
    /// <param name="layerId">Its id.</param>
    /// <param name="parentId">The layer below, or null.</param>
    /// <param name="request">The container.</param>
    /// <param name="alongside">What is to be made durable in the same round; applying it is the caller's.</param>
    internal void AddContainerLayer(string layerId, string? parentId, ContainerLayerRequest request, FileBatch alongside)
    {
        var name = request.Name + "-layer";
        var raw = RecordEditor.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", layerId);
            if (IsFree(name, layerId))
            {
                writer.WriteStartArray("names");
                writer.WriteStringValue(name);
                writer.WriteEndArray();
            }
            if (parentId is not null)
                writer.WriteString("parent", parentId);
            if (request.Labels.Mount.Length > 0)
                writer.WriteString("mountlabel", request.Labels.Mount);
            writer.WriteString("created", RecordEditor.Time(DateTimeOffset.UtcNow));
            RecordEditor.WriteIdMap(writer, "uidmap", request.UserMap);
            RecordEditor.WriteIdMap(writer, "gidmap", request.GroupMap);
            writer.WriteEndObject();
        });
        using var addition = PrepareAddition([new(RecordParser.ParseLayer(raw, request.Volatile, configuration.GraphRoot), null)], isCondemned: false);
        FileBatch.Sync([.. addition.Files, alongside]);
        addition.Place();
    }

    /// <summary>Prepares another name for a container's layer; none where a layer has it, since two of a name are a damaged list.</summary>
    internal StoreFile<StoredLayer>.PreparedSave PrepareName(string layerId, string name)
    {
        IReadOnlyList<string> names = IsFree(name, layerId) ? [name] : [];
        return records.Prepare([.. Snapshot.Records.Select(layer => layer.Id != layerId ? layer
            : layer with { Names = names, Raw = RecordEditor.Set(layer.Raw, ("names", names.Count == 0 ? null : RecordEditor.Array(names))) })]);
    }

    // podman renames a container and not its layer, whose name then is another container's.
    private bool IsFree(string name, string layerId) => !Snapshot.Records.Any(layer => layer.Id != layerId && layer.Names.Contains(name));

    /// <summary>Prepares the note that these layers go with their image, and no others: should we die before they have gone, whoever
    /// of us writes next finds it.</summary>
    internal StoreFile<StoredLayer>.PreparedSave PrepareCondemned(IReadOnlyCollection<string> layerIds) => records.Prepare(
        [.. Snapshot.Records.Select(layer => layer.IsCondemned == layerIds.Contains(layer.Id) ? layer : WithCondemned(layer, !layer.IsCondemned))]);

    /// <summary>Prepares the removal of layers.</summary>
    internal LayerRemoval PrepareRemoval(IReadOnlyCollection<string> layerIds)
    {
        var marks = records.Prepare([.. Snapshot.Records.Select(layer => layerIds.Contains(layer.Id) ? WithIncomplete(layer, true) : layer)]);
        try
        {
            return new LayerRemoval(this, layerIds, marks, PrepareDrop(layerIds));
        }
        catch
        {
            marks.Dispose();
            throw;
        }
    }

    private StoreFile<StoredLayer>.PreparedSave PrepareDrop(IReadOnlyCollection<string> layerIds) =>
        records.Prepare([.. Snapshot.Records.Where(layer => !layerIds.Contains(layer.Id))]);

    /// <summary>Removes layers that are marked as rubbish.</summary>
    internal void RemoveIncomplete()
    {
        var rubbish = Snapshot.Records.Where(layer => layer.IsIncomplete).Select(layer => layer.Id).ToHashSet();
        if (rubbish.Count == 0)
            return;
        foreach (var id in rubbish)
            RemoveFiles(id);
        using var drop = PrepareDrop(rubbish);
        drop.Apply();
    }

    /// <summary>The same, after an error, which is the one to tell: what can't be undone now is undone by whoever loads the list next.</summary>
    internal void TryRemoveIncomplete()
    {
        try
        {
            RemoveIncomplete();
        }
        catch (ContainerEngineException)
        {
        }
    }

    /// <summary>Moves away the files of something that has no record.</summary>
    internal void RemoveFiles(string layerId)
    {
        var directory = $"{configuration.DriverRoot}/{layerId}";
        if (Files.TryReadAll(directory + "/link") is { Length: > 0 } link)
            Files.TryRemove($"{configuration.DriverRoot}/l/{Encoding.ASCII.GetString(link)}");
        MoveAway(directory, layerId);
        Files.TryRemove(TarSplitPath(layerId));
        Files.RemoveTree($"{configuration.GraphRoot}/overlay-layers/{layerId}");
    }

    /// <summary>Frees the lock, then deletes what was moved away.</summary>
    public void Dispose()
    {
        records.Dispose();
        trash?.Dispose();
    }

    private void MoveAway(string directory, string name)
    {
        if (Files.TryStatus(directory, followLink: false) is null)
            return;
        Mounts.TryUnmount(directory + "/merged", lazily: true);
        trash ??= StagingDirectory.Create(configuration.DriverRoot + "/tempdirs");
        var errno = Files.TryRename(directory, trash.NewPath(name));
        if (errno is not (Errno.None or Errno.NoEntry))
            throw LinuxError.Create(errno, "move away", directory);
    }

    /// <summary>Puts a layer where its record, which is marked as rubbish until all are there, says that it is.</summary>
    internal void PlaceFiles(StoredLayer layer, LayerStaging? staging)
    {
        var parent = layer.ParentId is null ? null
            : store.Find(Snapshot, layer.ParentId) ?? Snapshot.Find(layer.ParentId) ?? throw LayerStore.Missing(layer.ParentId);
        if (parent is not null && Files.TryStatus(parent.DirectoryPath + "/composefs-data/composefs.blob") is not null)
            throw EngineErrors.Unsupported($"the layer {parent.Id} is a composefs layer, on which nothing can be built", parent.Id,
                "pull the image again into a store without use_composefs");
        RemoveFiles(layer.Id); // a directory without record is somebody's rubbish
        var directory = $"{configuration.DriverRoot}/{layer.Id}";
        var link = NewLink();
        if (staging is null)
        {
            Files.MakeDirectory(directory, 0x1C0 /* 0700 */);
            FillDirectory(directory, link, parent);
            if (layer.IsMapped)
                GiveToMapped(layer, parent);
        }
        else
        {
            FillDirectory(staging.LayerPath, link, parent);
            LinuxError.Check(Files.TryRename(staging.LayerPath, directory), "move the unpacked layer to", directory);
        }
        StepPoints.Reach("storage.layer.directory");
        LinuxError.Check(Files.TryMakeSymlink($"../{layer.Id}/diff", Files.Absolute, $"{configuration.DriverRoot}/l/{link}"),
            "create the link", $"{configuration.DriverRoot}/l/{link}");
        if (staging is not null)
            LinuxError.Check(Files.TryRename(staging.TarSplitPath, TarSplitPath(layer.Id)), "move", staging.TarSplitPath);
    }

    // The root of a container belongs to whom its image's belongs to, as that one is outside of the container's user namespace.
    private static void GiveToMapped(StoredLayer layer, StoredLayer? parent)
    {
        var path = layer.DirectoryPath + "/diff";
        var owner = (parent is { IsMapped: false } ? Files.TryStatus(parent.DirectoryPath + "/diff") : null) ?? default;
        using var directory = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        LinuxError.Check(Files.TryChangeOwner(directory, IdMapping.ToOutside(layer.UserMap, owner.UserId) ?? IdMapping.ToOutside(layer.UserMap, 0) ?? 0,
            IdMapping.ToOutside(layer.GroupMap, owner.GroupId) ?? IdMapping.ToOutside(layer.GroupMap, 0) ?? 0), "change the owner of", path);
    }

    /// <summary>Makes anew what only says how to mount a layer: directories, short name and link, the list of those below.</summary>
    internal void RestoreParts(StoredLayer layer, Func<string, bool> hasLink)
    {
        var directory = layer.DirectoryPath;
        Files.MakeDirectory(directory + "/work", 0x1C0 /* 0700 */);
        Files.MakeDirectory(directory + "/merged", 0x1C0);
        var link = Files.TryReadAll(directory + "/link") is { Length: > 0 } known ? Encoding.ASCII.GetString(known) : NewLink();
        if (!hasLink(link))
        {
            // podman takes the links of a directory for its own: one that leads elsewhere belongs to another layer.
            if (Files.TryStatus($"{configuration.DriverRoot}/l/{link}", followLink: false) is not null)
                link = NewLink();
            WriteFile(directory + "/link", Encoding.ASCII.GetBytes(link));
            LinuxError.Check(Files.TryMakeSymlink($"../{layer.Id}/diff", Files.Absolute, $"{configuration.DriverRoot}/l/{link}"),
                "create the link", $"{configuration.DriverRoot}/l/{link}");
        }
        if (layer.ParentId is { } parent && Files.TryReadAll(directory + "/lower") is not { Length: > 0 })
            WriteLowers(directory, store.Find(Snapshot, parent) ?? throw LayerStore.Missing(parent));
    }

    private static void FillDirectory(string directory, string link, StoredLayer? parent)
    {
        Files.MakeDirectory(directory + "/diff", 0x16D /* 0555 */);
        Files.MakeDirectory(directory + "/work", 0x1C0 /* 0700 */);
        Files.MakeDirectory(directory + "/merged", 0x1C0);
        WriteFile(directory + "/link", Encoding.ASCII.GetBytes(link));
        if (parent is null)
        {
            Files.MakeDirectory(directory + "/empty", 0x1C0);
            LinuxError.Check(Files.TryChangeMode(Files.Absolute, directory + "/diff", 0x16D), "change the mode of", directory + "/diff");
            return;
        }
        WriteLowers(directory, parent);
        CopyRootAttributes(parent.DirectoryPath + "/diff", directory + "/diff");
    }

    // "lower" names the short links, nearest first; "lower-layers" (podman 5.8) the ids. Both follow from the parent's own files.
    private static void WriteLowers(string directory, StoredLayer parent)
    {
        var parentLink = Files.TryReadAll(parent.DirectoryPath + "/link") ?? throw LayerStore.Missing(parent.Id);
        var links = Join($"l/{Encoding.ASCII.GetString(parentLink)}", Files.TryReadAll(parent.DirectoryPath + "/lower"));
        if (links.Count(c => c == ':') >= MaximumDepth)
            throw EngineErrors.Unsupported($"an image can't have more than {MaximumDepth} layers", parent.Id);
        WriteFile(directory + "/lower", Encoding.ASCII.GetBytes(links));
        var parentLayers = Files.TryReadAll(parent.DirectoryPath + "/lower-layers");
        // A parent written by an older podman has no list of ids: then "lower" alone is true for us, too.
        if (parentLayers is not null || parent.ParentId is null)
            WriteFile(directory + "/lower-layers", Encoding.ASCII.GetBytes(Join(parent.Id, parentLayers)));
    }

    private static string Join(string first, byte[]? rest) =>
        rest is null || rest.Length == 0 ? first : $"{first}:{Encoding.ASCII.GetString(rest).Trim()}";

    private static void CopyRootAttributes(string from, string to)
    {
        if (Files.TryStatus(from) is not { } status)
            throw LinuxError.Create(Errno.NoEntry, "read the status of", from);
        LinuxError.Check(Files.TryChangeOwner(Files.Absolute, to, status.UserId, status.GroupId), "change the owner of", to);
        LinuxError.Check(Files.TryChangeMode(Files.Absolute, to, status.Mode & ModeBits.PermissionMask), "change the mode of", to);
    }

    private static void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        using var file = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x1A4 /* 0644 */);
        Files.ChangeMode(file, 0x1A4);
        Files.Write(file, content, path);
    }

    private static string NewLink()
    {
        var link = new char[26];
        var random = Entropy.Bytes(link.Length);
        for (var i = 0; i < link.Length; i++) link[i] = LinkAlphabet[random[i] % LinkAlphabet.Length];
        return new string(link);
    }

    private string TarSplitPath(string layerId) => $"{configuration.GraphRoot}/overlay-layers/{layerId}.tar-split.gz";

    private static StoredLayer WithIncomplete(StoredLayer layer, bool value) =>
        layer with { Raw = RecordEditor.SetFlag(layer.Raw, LayerFlag.Incomplete, value), IsIncomplete = value };

    private static StoredLayer WithCondemned(StoredLayer layer, bool value) =>
        layer with { Raw = RecordEditor.SetFlag(layer.Raw, LayerFlag.Condemned, value), IsCondemned = value };

    private StoredLayer NewImageLayer(string id, LayerCommit commit, UnpackResult result) => RecordParser.ParseLayer(RecordEditor.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        if (commit.ParentId is not null)
            writer.WriteString("parent", commit.ParentId);
        writer.WriteString("created", RecordEditor.Time(DateTimeOffset.UtcNow));
        writer.WriteString("compressed-diff-digest", commit.CompressedDigest ?? result.DiffId);
        writer.WriteNumber("compressed-size", commit.CompressedSize ?? result.DiffSize);
        writer.WriteString("diff-digest", result.DiffId);
        writer.WriteNumber("diff-size", result.DiffSize);
        if (commit.Compression != LayerCompression.None)
            writer.WriteNumber("compression", (int)commit.Compression);
        WriteIds(writer, "uidset", result.UserIds);
        WriteIds(writer, "gidset", result.GroupIds);
        writer.WriteEndObject();
    }), isVolatile: false, configuration.GraphRoot);

    private static void WriteIds(System.Text.Json.Utf8JsonWriter writer, string name, IReadOnlyList<uint> ids)
    {
        if (ids.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var id in ids)
            writer.WriteNumberValue(id);
        writer.WriteEndArray();
    }
}
