using Podsharp.Engine.Native;
using Podsharp.Model;

namespace Podsharp.Engine.Storage;

/// <summary>The containers' records. podman takes an image or layer for used only because of what is written here.</summary>
internal sealed class ContainerStore
{
    private readonly StorageConfiguration configuration;
    private readonly StoreLayout layout;
    private readonly StoreFile<StoredContainer> file;

    internal ContainerStore(StorageConfiguration configuration, StoreLayout layout)
    {
        this.configuration = configuration;
        this.layout = layout;
        var directory = configuration.GraphRoot + "/overlay-containers";
        file = new StoreFile<StoredContainer>(directory + "/containers.lock", directory + "/containers.json",
            directory + "/volatile-containers.json", RecordParser.ParseContainer);
    }

    /// <summary>All containers: ours and everybody else's.</summary>
    internal IReadOnlyList<StoredContainer> Read() => file.Read().Records;

    /// <summary>The container with this id, or null.</summary>
    internal StoredContainer? Find(string id) => file.Read().Find(id);

    /// <summary>Holds the containers as they are (shared lock).</summary>
    internal StoreFile<StoredContainer>.StoreReading BeginRead() => file.BeginRead();

    /// <summary>Takes the containers' exclusive lock.</summary>
    internal StoreFile<StoredContainer>.StoreWriting BeginWrite()
    {
        layout.PrepareForWriting();
        return file.BeginWrite();
    }

    /// <summary>A container's directory that a reboot keeps: its log.</summary>
    internal string StaticDirectory(string id) => $"{configuration.GraphRoot}/overlay-containers/{id}/userdata";

    /// <summary>A container's directory that a reboot clears: the bundle of its run and all that conmon puts there.</summary>
    internal string RunDirectory(string id) => $"{configuration.RunRoot}/overlay-containers/{id}/userdata";

    internal void MakeDirectories(string id)
    {
        const uint own = 0x1C0; // 0700
        Files.MakeDirectories(StaticDirectory(id), own, own);
        Files.MakeDirectories(RunDirectory(id), own, own);
    }

    internal void RemoveDirectories(string id)
    {
        Files.RemoveTree($"{configuration.RunRoot}/overlay-containers/{id}");
        Files.RemoveTree($"{configuration.GraphRoot}/overlay-containers/{id}");
    }

    /// <summary>Refuses an id or name that another container has.</summary>
    internal static void CheckFree(StoreSnapshot<StoredContainer> containers, ContainerLayerRequest request)
    {
        foreach (var other in containers.Records)
        {
            if (other.Id == request.Id || other.Names.Contains(request.Name))
                throw EngineErrors.NameInUse("container", request.Name, other.Id);
        }
    }

    /// <summary>Refuses a name that another container than this one has.</summary>
    internal static void CheckNameFree(StoreSnapshot<StoredContainer> containers, string id, string name)
    {
        foreach (var other in containers.Records)
        {
            if (other.Id != id && other.Names.Contains(name))
                throw EngineErrors.NameInUse("container", name, other.Id);
        }
    }

    internal static StoredContainer NewRecord(ContainerLayerRequest request, string layerId)
    {
        var raw = RecordEditor.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", request.Id);
            writer.WriteStartArray("names");
            writer.WriteStringValue(request.Name);
            writer.WriteEndArray();
            if (request.ImageId is not null)
                writer.WriteString("image", request.ImageId);
            writer.WriteString("layer", layerId);
            writer.WriteString("metadata", request.MetadataJson);
            writer.WriteString("created", RecordEditor.Time(DateTimeOffset.UtcNow));
            RecordEditor.WriteIdMap(writer, "uidmap", request.UserMap);
            RecordEditor.WriteIdMap(writer, "gidmap", request.GroupMap);
            writer.WriteStartObject("flags");
            writer.WriteString("MountLabel", request.Labels.Mount);
            writer.WriteString("ProcessLabel", request.Labels.Process);
            if (request.Volatile)
                writer.WriteBoolean("Volatile", true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return RecordParser.ParseContainer(raw, request.Volatile);
    }
}
